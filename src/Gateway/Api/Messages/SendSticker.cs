using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Validation;

namespace Evolution.Gateway.Api.Messages;

/// <summary><c>POST /message/sendSticker/{instanceName}</c>.</summary>
internal sealed class SendSticker(Sends sends, MediaInputs inputs, MediaContents contents)
{
    public static Schema Body { get; } = Schema.Object
        .Properties([SendOptions.Number, ("sticker", Schema.String), .. SendOptions.All])
        .Required("number");

    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        var input = await inputs.FindAsync(call, "sticker", "Owned media must be a url or base64");
        var isReady = input.IsBase64 && call.Body.IsTrue("notConvertSticker");
        return await sends.SendAsync(call, async (_, stop) => await contents.StickerAsync(await inputs.GetAsync(input, stop), isReady, stop));
    }
}
