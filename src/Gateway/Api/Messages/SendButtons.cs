using System.Text.Json;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Messages;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Gateway.Providers.Outgoing;

namespace Evolution.Gateway.Api.Messages;

/// <summary><c>POST /message/sendButtons/{instanceName}</c>.</summary>
internal sealed class SendButtons(Sends sends, MediaInputs inputs, MediaContents contents)
{
    private const int MaxReplies = 3;

    private static readonly Schema Button = Schema.Object
        .Properties(
            ("type", Schema.String.Enum("reply", "copy", "url", "call", "pix")),
            ("displayText", Schema.String),
            ("id", Schema.String),
            ("url", Schema.String),
            ("phoneNumber", Schema.String),
            ("currency", Schema.String),
            ("name", Schema.String),
            ("keyType", Schema.String.Enum("phone", "email", "cpf", "cnpj", "random")),
            ("key", Schema.String))
        .Required("type")
        .NotEmpty("id", "url", "phoneNumber");

    public static Schema Body { get; } = Schema.Object
        .Properties([
            SendOptions.Number,
            ("thumbnailUrl", Schema.String),
            ("title", Schema.String),
            ("description", Schema.String),
            ("footer", Schema.String),
            ("buttons", Schema.Array.Items(Button)),
            .. SendOptions.All])
        .Required("number");

    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        var buttons = call.Body.ArrayOf("buttons");
        if (buttons.ValueKind != JsonValueKind.Array || buttons.GetArrayLength() == 0)
            throw ApiException.BadRequest("At least one button is required");
        var types = buttons.EnumerateArray().Select(button => button.TextOf("type")!).ToList();
        CheckMix(types);
        var isPayment = types[0] == "pix";
        // A payment has no picture, whatever is given.
        var picture = !isPayment && call.Body.TextOf("thumbnailUrl") is { Length: > 0 }
            ? await inputs.FindAsync(call, "thumbnailUrl", "thumbnailUrl must be the address of a picture, or base64")
            : null;
        return await sends.SendAsync(call, async (_, stop) =>
            new OutgoingButtons(isPayment ? null : BodyText(call.Body), call.Body.TextOf("footer"), [.. buttons.EnumerateArray().Select(NativeFlowButtons.Of)])
            {
                Picture = picture is null ? null : await contents.ImageAsync(await inputs.GetAsync(picture, stop), stop),
            });
    }

    private static void CheckMix(List<string> types)
    {
        var others = types.Any(type => type is not "reply" and not "pix");
        if (types.Contains("reply"))
        {
            if (types.Count > MaxReplies)
                throw ApiException.BadRequest("Maximum of 3 reply buttons allowed");
            if (others)
                throw ApiException.BadRequest("Reply buttons cannot be mixed with other button types");
        }

        if (types.Contains("pix") && types.Count > 1)
            throw ApiException.BadRequest("Only one PIX button is allowed");
    }

    private static string BodyText(JsonElement body) => (body.TextOf("title"), body.TextOf("description")) switch
    {
        ({ Length: > 0 } title, { Length: > 0 } description) => $"*{title}*\n\n{description}\n",
        ({ Length: > 0 } title, _) => $"*{title}*",
        (_, var description) => description ?? "",
    };
}
