using System.Globalization;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Gateway.Providers.Outgoing;

namespace Evolution.Gateway.Api.Messages;

/// <summary><c>POST /message/sendStatus/{instanceName}</c>.</summary>
internal sealed class SendStatus(Sends sends, StatusReaders readers, MediaInputs inputs, MediaContents contents)
{
    private const string NoContent = "Content is required";

    public static Schema Body { get; } = Schema.Object
        .Properties(
            ("type", Schema.String.Enum("text", "image", "audio", "video")),
            ("content", Schema.String),
            ("caption", Schema.String),
            ("backgroundColor", Schema.String),
            ("font", Schema.Integer.Minimum(0).Maximum(5)),
            ("statusJidList", Schema.Array
                .MinItems(1)
                .UniqueItems()
                .Items(Schema.String.Pattern(@"^\d+").Message("\"statusJidList\" must be an array of numeric strings"))),
            ("allContacts", Schema.Boolean.Enum("true", "false")))
        .Required("type");

    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        var type = call.Body.TextOf("type")!;
        if (call.Upload is null && string.IsNullOrWhiteSpace(call.Body.TextOf("content")))
            throw ApiException.BadRequest(NoContent);
        await readers.CheckAsync(call);
        return type == "text" ? await SendTextAsync(call) : await SendFileAsync(call, type);
    }

    private async Task<ApiReply> SendTextAsync(ApiCall call)
    {
        if (call.Body.TextOf("content") is not { Length: > 0 } text)
            throw ApiException.BadRequest(NoContent);
        if (call.Body.TextOf("backgroundColor") is not { Length: > 0 } color)
            throw ApiException.BadRequest("Background color is required");
        if (call.Body.IntegerOf("font") is not (> 0 and var font))
            throw ApiException.BadRequest("Font is required");
        var status = new OutgoingText(text, Preview: null) { Look = new StatusLook(ColorOf(color), (int)font) };
        return await sends.SendStatusAsync(call, (provider, _) => readers.FindAsync(call, provider), _ => ValueTask.FromResult<OutgoingContent>(status));
    }

    private async Task<ApiReply> SendFileAsync(ApiCall call, string type)
    {
        var input = await inputs.FindAsync(call, "content", "Owned media must be a url or base64");
        return await sends.SendStatusAsync(
            call,
            (provider, _) => readers.FindAsync(call, provider),
            async stop =>
            {
                var found = await inputs.GetAsync(input, stop);
                var media = type switch
                {
                    "image" => await contents.ImageAsync(found, stop),
                    "video" => await contents.VideoAsync(OutgoingMediaKind.Video, found, name: null, mimetype: null, stop),
                    _ => await contents.VoiceAsync(found, isReady: false, stop),
                };
                return media with { Caption = call.Body.TextOf("caption") };
            });
    }

    // As Baileys reads a colour (src/Utils/messages.ts, assertColor): up to six hexadecimal digits are opaque, more begin with the alpha.
    private static uint ColorOf(string text)
    {
        var digits = text.Trim().TrimStart('#');
        if (digits.Length is 0 or > 8 || !uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var color))
            throw ApiException.BadRequest("Background color must be hexadecimal, such as #25D366");
        return digits.Length <= 6 ? color | 0xFF000000 : color;
    }
}
