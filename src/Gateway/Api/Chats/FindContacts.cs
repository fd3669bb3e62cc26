using System.Text.Json;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.Api.Chats;

/// <summary><c>POST /chat/findContacts/{instanceName}</c>: stored contacts, all of them unless <c>where</c> or a page leaves some out.</summary>
internal sealed class FindContacts(ContactStore contacts)
{
    public static Schema Body => WhereBody;

    /// <summary>What is checked of the <c>where</c> that findContacts and findChats share: not all of what filters, and more than filters chats.</summary>
    internal static Schema WhereBody { get; } = Schema.Object
        .Properties(("where", Schema.Object
            .Properties(("_id", Schema.String.MinLength(1)), ("pushName", Schema.String.MinLength(1)), ("id", Schema.String.MinLength(1)))
            .NotEmpty("_id", "id", "pushName")));

    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        var rows = await FindAsync(call);
        return ApiReply.Ok(writer =>
        {
            writer.WriteStartArray();
            foreach (var row in rows)
                Write(writer, row, call.Instance.Id);
            writer.WriteEndArray();
        });
    }

    /// <summary><c>where.remoteJid</c>: a JID as it is, anything else by the rules for numbers. Null when it is not given.</summary>
    internal static string? WantedJid(JsonElement where) => where.TextOf("remoteJid") switch
    {
        null or "" => null,
        var jid when jid.Contains('@', StringComparison.Ordinal) => jid,
        var number => RecipientNumber.Parse(number)?.ToString() ?? number,
    };

    private ValueTask<IReadOnlyList<ContactRow>> FindAsync(ApiCall call)
    {
        var where = call.Body.ObjectOf("where");
        // Evolution's own examples write the JID here; no row's id has an @.
        var id = where.TextOf("id");
        var isAddress = id?.Contains('@', StringComparison.Ordinal) == true;
        var pageSize = call.Body.IntegerOf("offset") is > 0 and <= int.MaxValue and var size ? (int?)size : null;
        var page = Math.Clamp(call.Body.IntegerOf("page") ?? 1, 1, int.MaxValue);
        return contacts.FindAsync(
            call.Instance.Id,
            new ContactFilter
            {
                Id = isAddress ? null : id,
                RemoteJid = WantedJid(where) ?? (isAddress ? id : null),
                PushName = where.TextOf("pushName"),
                Take = pageSize,
                Skip = (int)Math.Min((page - 1) * (pageSize ?? 0), int.MaxValue),
            },
            call.Aborted);
    }

    private static void Write(Utf8JsonWriter writer, ContactRow row, string instanceId)
    {
        var isGroup = row.RemoteJid.EndsWith("@g.us", StringComparison.Ordinal);
        var isSaved = !string.IsNullOrEmpty(row.PushName) || !string.IsNullOrEmpty(row.ProfilePicUrl);
        writer.WriteStartObject();
        writer.WriteString("id", row.Id);
        writer.WriteString("remoteJid", row.RemoteJid);
        writer.WriteStringOrNull("pushName", row.PushName);
        writer.WriteStringOrNull("profilePicUrl", row.ProfilePicUrl);
        writer.WriteString("createdAt", WireJson.Time(row.CreatedAt));
        writer.WriteString("updatedAt", WireJson.Time(row.UpdatedAt));
        writer.WriteString("instanceId", instanceId);
        writer.WriteBoolean("isGroup", isGroup);
        writer.WriteBoolean("isSaved", isSaved);
        writer.WriteString("type", isGroup ? "group" : isSaved ? "contact" : "group_member");
        writer.WriteEndObject();
    }
}
