using System.Text.Json;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Validation;

namespace Evolution.Gateway.Api.Chats;

/// <summary><c>POST /chat/whatsappNumbers/{instanceName}</c>: which numbers are on WhatsApp.</summary>
internal sealed class LookUpNumbers(Recipients recipients)
{
    public static Schema Body { get; } = Schema.Object
        .Properties(("numbers", Schema.Array
            .MinItems(1)
            .UniqueItems()
            .Items(Schema.String.Message("\"numbers\" must be an array of numeric strings"))));

    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        var numbers = call.Body.ArrayOf("numbers");
        if (numbers.ValueKind != JsonValueKind.Array)
            return new ApiReply(StatusCodes.Status400BadRequest, "{}"u8.ToArray());
        var found = await recipients.LookUpAsync(call.Instance, [.. numbers.EnumerateArray().Select(number => number.GetString()!)], call.Aborted);
        return ApiReply.Ok(writer =>
        {
            writer.WriteStartArray();
            foreach (var recipient in found)
                Recipients.Describe(recipient).WriteTo(writer);
            writer.WriteEndArray();
        });
    }
}
