using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Gateway.Providers.Outgoing;

namespace Evolution.Gateway.Api.Messages;

/// <summary><c>POST /message/sendMedia/{instanceName}</c>.</summary>
internal sealed class SendMedia(Sends sends, MediaInputs inputs, MediaContents contents)
{
    public static Schema Body { get; } = Schema.Object
        .Properties([
            SendOptions.Number,
            ("mediatype", Schema.String.Enum("image", "document", "video", "audio")),
            ("mimetype", Schema.String),
            ("media", Schema.String),
            ("fileName", Schema.String),
            ("caption", Schema.String),
            .. SendOptions.All])
        .Required("number", "mediatype");

    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        var type = call.Body.TextOf("mediatype")!;
        var input = await inputs.FindAsync(call, "media", "Owned media must be a url or base64");
        if (type == "document" && input.IsBase64 && string.IsNullOrEmpty(call.Body.TextOf("fileName")))
            throw ApiException.BadRequest("For base64 the file name must be informed.");
        return await sends.SendAsync(call, async (_, stop) =>
        {
            var found = await inputs.GetAsync(input, stop);
            var name = Given("fileName");
            var mimetype = Given("mimetype");
            var media = type switch
            {
                "image" => await contents.ImageAsync(found, stop),
                "video" => await contents.VideoAsync(OutgoingMediaKind.Video, found, name, mimetype, stop),
                "audio" => await contents.AudioAsync(found, name, mimetype, stop),
                _ => await MediaContents.DocumentAsync(found, name, mimetype, stop),
            };
            return media with { Caption = call.Body.TextOf("caption") };
        });

        string? Given(string field) => call.Body.TextOf(field) is { Length: > 0 } text ? text : null;
    }
}
