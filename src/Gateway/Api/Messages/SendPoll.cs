using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Gateway.Providers.Outgoing;

namespace Evolution.Gateway.Api.Messages;

/// <summary><c>POST /message/sendPoll/{instanceName}</c>.</summary>
internal sealed class SendPoll(Sends sends)
{
    public static Schema Body { get; } = Schema.Object
        .Properties([
            SendOptions.Number,
            ("name", Schema.String),
            ("selectableCount", Schema.Integer.Minimum(0).Maximum(10)),
            ("values", Schema.Array.MinItems(2).MaxItems(10).UniqueItems().Items(Schema.String)),
            .. SendOptions.All])
        .Required("number", "name", "selectableCount", "values");

    public Task<ApiReply> HandleAsync(ApiCall call)
    {
        string[] options = [.. call.Body.ArrayOf("values").EnumerateArray().Select(value => value.GetString()!)];
        var selectable = (int)call.Body.IntegerOf("selectableCount")!.Value;
        if (selectable > options.Length)
            throw ApiException.BadRequest($"Error: poll.selectableCount in poll should be >= 0 and <= {options.Length}");
        return sends.SendAsync(call, new OutgoingPoll(call.Body.TextOf("name")!, options, selectable));
    }
}
