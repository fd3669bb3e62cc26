using System.Text.Json;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Messages;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Gateway.Media;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.Api.Chats;

/// <summary><c>POST /chat/findMessages/{instanceName}</c>: stored messages, newest first.</summary>
internal sealed class FindMessages(MessageStore messages, PublishedFiles files)
{
    private const int DefaultPageSize = 50;
    private const int MaxPageSize = 10_000;

    private static readonly string[] Sources = ["ios", "android", "web", "unknown", "desktop"];

    public static Schema Body { get; } = Schema.Object
        .Properties(
            ("where", Schema.Object
                .Properties(
                    ("_id", Schema.String.MinLength(1)),
                    ("key", Schema.Object.WhenOnly(
                        ["fromMe", "remoteJid", "id"],
                        ("remoteJid", NotEmpty()),
                        ("id", NotEmpty()),
                        ("fromMe", Schema.Boolean.Enum("true", "false")))),
                    ("message", Schema.Object))
                .NotEmpty("_id")),
            ("limit", new Schema().Type("integer")));

    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        var (page, pageSize) = Paging(call.Body);
        var found = await messages.FindAsync(call.Instance.Id, ReadFilter(call.Body.ObjectOf("where")), page, pageSize, call.Aborted);
        return ApiReply.Ok(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartObject("messages");
            writer.WriteNumber("total", found.Total);
            writer.WriteNumber("pages", (found.Total + pageSize - 1) / pageSize);
            writer.WriteNumber("currentPage", page);
            writer.WriteStartArray("records");
            foreach (var row in found.Messages)
                MessageRowJson.Write(writer, row, call.Instance.Id, found.Updates.GetValueOrDefault(row.Id) ?? [], files.AddressOf(row)?.AbsoluteUri);
            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndObject();
        });
    }

    private static Schema NotEmpty() => Schema.String.MinLength(1).Message("The property cannot be empty");

    /// <summary>The page that findMessages and findStatusMessage are asked for.</summary>
    /// <exception cref="ApiException">500: there is no such page.</exception>
    // Evolution reads the page size from "offset" and nothing from "limit", which clients send in the hope that it is the page size.
    internal static (int Page, int Size) Paging(JsonElement body)
    {
        var page = body.IntegerOf("page") ?? 1;
        var size = body.IntegerOf("offset") ?? body.IntegerOf("limit") ?? DefaultPageSize;
        if (page is < 1 or > int.MaxValue || size is < 0 or > int.MaxValue)
            throw ApiException.Internal("page and offset must be positive integers");
        return ((int)page, size == 0 ? DefaultPageSize : (int)Math.Min(size, MaxPageSize));
    }

    private static MessageFilter ReadFilter(JsonElement where)
    {
        var key = where.ObjectOf("key");
        var source = where.TextOf("source");
        if (source is not null && !Sources.Contains(source, StringComparer.Ordinal))
            throw ApiException.Internal($"source must be one of {string.Join(", ", Sources)}");
        var (from, to) = TimeRange.Of(where);
        return new MessageFilter
        {
            Id = where.TextOf("id"),
            KeyId = key.TextOf("id"),
            // Evolution filters by true only: false finds both.
            FromMe = key.IsTrue("fromMe") ? true : null,
            RemoteJid = key.TextOf("remoteJid") ?? key.TextOf("remoteJidAlt"),
            Participant = key.TextOf("participant"),
            MessageType = where.TextOf("messageType"),
            Source = source,
            From = from,
            To = to,
        };
    }
}
