using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Gateway.Providers.Outgoing;

namespace Evolution.Gateway.Api.Messages;

/// <summary><c>POST /message/sendText/{instanceName}</c>.</summary>
internal sealed class SendText(Sends sends, LinkPreviews previews)
{
    public static Schema Body { get; } = Schema.Object
        .Properties([SendOptions.Number, ("text", Schema.String), ("linkPreview", Schema.Boolean), .. SendOptions.All])
        .Required("number", "text");

    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        var text = call.Body.TextOf("text")!;
        if (string.IsNullOrWhiteSpace(text))
            throw ApiException.BadRequest("Text is required");
        return await sends.SendAsync(call, async (_, stop) =>
            new OutgoingText(text, call.Body.FlagOf("linkPreview") == false ? null : await previews.FindAsync(text, stop)));
    }
}
