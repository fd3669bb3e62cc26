using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Gateway.Providers.Outgoing;

namespace Evolution.Gateway.Api.Messages;

/// <summary><c>POST /message/sendPtv/{instanceName}</c>.</summary>
internal sealed class SendPtv(Sends sends, MediaInputs inputs, MediaContents contents)
{
    public static Schema Body { get; } = Schema.Object
        .Properties([SendOptions.Number, ("video", Schema.String), .. SendOptions.All])
        .Required("number");

    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        var input = await inputs.FindAsync(call, "video", "Owned media must be a url or base64");
        return await sends.SendAsync(call, async (_, stop) =>
            await contents.VideoAsync(OutgoingMediaKind.VideoNote, await inputs.GetAsync(input, stop), name: null, mimetype: null, stop));
    }
}
