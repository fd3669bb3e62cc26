using System.Text.Json;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Gateway.Providers.Outgoing;

namespace Evolution.Gateway.Api.Messages;

/// <summary><c>POST /message/sendList/{instanceName}</c>.</summary>
internal sealed class SendList(Sends sends)
{
    private static readonly Schema Row = Schema.Object
        .Properties(("title", Schema.String), ("description", Schema.String), ("rowId", Schema.String))
        .Required("title", "rowId")
        .NotEmpty("title", "description", "rowId");

    private static readonly Schema Section = Schema.Object
        .Properties(("title", Schema.String), ("rows", Schema.Array.MinItems(1).UniqueItems().Items(Row)))
        .Required("title", "rows")
        .NotEmpty("title");

    public static Schema Body { get; } = Schema.Object
        .Properties([
            SendOptions.Number,
            ("title", Schema.String),
            ("description", Schema.String),
            ("footerText", Schema.String),
            ("buttonText", Schema.String),
            ("sections", Schema.Array.MinItems(1).UniqueItems().Items(Section)),
            .. SendOptions.All])
        .Required("number", "title", "footerText", "buttonText", "sections");

    public Task<ApiReply> HandleAsync(ApiCall call) => sends.SendAsync(call, new OutgoingList(
        call.Body.TextOf("title")!,
        call.Body.TextOf("description"),
        call.Body.TextOf("buttonText")!,
        call.Body.TextOf("footerText")!,
        [.. call.Body.ArrayOf("sections").EnumerateArray().Select(SectionOf)]));

    private static ListSection SectionOf(JsonElement section) => new(
        section.TextOf("title")!,
        [.. section.ArrayOf("rows").EnumerateArray().Select(row => new ListRow(row.TextOf("rowId")!, row.TextOf("title")!, row.TextOf("description")))]);
}
