using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Gateway.Providers.Outgoing;

namespace Evolution.Gateway.Api.Messages;

/// <summary><c>POST /message/sendLocation/{instanceName}</c>.</summary>
internal sealed class SendLocation(Sends sends)
{
    public static Schema Body { get; } = Schema.Object
        .Properties([
            SendOptions.Number,
            ("latitude", Schema.Number),
            ("longitude", Schema.Number),
            ("name", Schema.String),
            ("address", Schema.String),
            .. SendOptions.All])
        .Required("number", "latitude", "longitude", "name", "address");

    public Task<ApiReply> HandleAsync(ApiCall call) => sends.SendAsync(call, new OutgoingLocation(
        call.Body.NumberOf("latitude")!.Value,
        call.Body.NumberOf("longitude")!.Value,
        call.Body.TextOf("name")!,
        call.Body.TextOf("address")!));
}
