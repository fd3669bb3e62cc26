using System.Text.Json;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Gateway.Providers;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.Api.Chats;

/// <summary><c>POST /chat/whatsappNumbers/{instanceName}</c>: which numbers are on WhatsApp.</summary>
internal sealed class LookUpNumbers(Recipients recipients, ContactStore contacts)
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
        var found = await AskAsync(call, [.. numbers.EnumerateArray().Select(number => number.GetString()!)]);
        var people = found.Where(recipient => recipient is { Exists: true, Name: null, Jid: not null }).Select(recipient => recipient.Jid!.Value.ToString()).ToHashSet();
        var names = await contacts.FindNamesAsync(call.Instance.Id, people, call.Aborted);
        return ApiReply.Ok(writer =>
        {
            writer.WriteStartArray();
            foreach (var recipient in found)
                Recipients.Describe(recipient with { Name = recipient.Name ?? names.GetValueOrDefault(recipient.Jid?.ToString() ?? "") }).WriteTo(writer);
            writer.WriteEndArray();
        });
    }

    private async Task<IReadOnlyList<Recipient>> AskAsync(ApiCall call, IReadOnlyList<string> numbers)
    {
        try
        {
            return await recipients.LookUpAsync(call.Instance, numbers, call.Aborted);
        }
        catch (ProviderException e)
        {
            throw ApiException.BadRequest($"Error: {e.Message}");
        }
    }
}
