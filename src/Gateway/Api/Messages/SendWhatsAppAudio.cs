using System.Text.Json;
using Evolution.Gateway.EvolutionWire.Validation;

namespace Evolution.Gateway.Api.Messages;

/// <summary><c>POST /message/sendWhatsAppAudio/{instanceName}</c>.</summary>
internal sealed class SendWhatsAppAudio(Sends sends, MediaInputs inputs, MediaContents contents)
{
    public static Schema Body { get; } = Schema.Object
        .Properties([SendOptions.Number, ("audio", Schema.String), .. SendOptions.All])
        .Required("number");

    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        var input = await inputs.FindAsync(call, "audio", "Owned media must be a url or base64");
        var isReady = call.Body.TryGetProperty("encoding", out var encoding) && encoding.ValueKind == JsonValueKind.False;
        return await sends.SendAsync(call, async (_, stop) => await contents.VoiceAsync(await inputs.GetAsync(input, stop), isReady, stop));
    }
}
