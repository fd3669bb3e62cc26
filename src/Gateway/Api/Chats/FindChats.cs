using System.Text.Json;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Messages;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Gateway.Media;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.Api.Chats;

/// <summary><c>POST /chat/findChats/{instanceName}</c>: chats with stored messages, the newest first.</summary>
internal sealed class FindChats(ChatStore chats, PublishedFiles files, TimeProvider time)
{
    // How long after a chat began Meta's rules allow free texts; clients show it.
    private static readonly TimeSpan Window = TimeSpan.FromHours(24);

    public static Schema Body { get; } = FindContacts.WhereBody;

    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        var where = call.Body.ObjectOf("where");
        var (from, to) = TimeRange.Of(where);
        var found = await chats.FindAsync(
            call.Instance.Id,
            new ChatFilter
            {
                RemoteJid = FindContacts.WantedJid(where),
                From = from,
                To = to,
                Take = Count(call.Body, "take"),
                Skip = Count(call.Body, "skip") ?? 0,
            },
            call.Aborted);
        var now = time.GetUtcNow();
        return ApiReply.Ok(writer =>
        {
            writer.WriteStartArray();
            foreach (var chat in found)
                Write(writer, chat, call.Instance.Id, now);
            writer.WriteEndArray();
        });
    }

    private static int? Count(JsonElement body, string name) => body.IntegerOf(name) switch
    {
        null => null,
        >= 0 and <= int.MaxValue and var count => (int)count,
        _ => throw ApiException.Internal($"{name} must not be negative"),
    };

    // Evolution has only the first, and null for chats that began otherwise than by the other side's message.
    private static string? NameOf(ChatSummary chat)
    {
        string?[] names = [chat.Chat?.Name, chat.Contact?.PushName, chat.LastMessage is { FromMe: false, Participant: null } last ? last.PushName : null];
        return Array.Find(names, name => !string.IsNullOrEmpty(name));
    }

    private void Write(Utf8JsonWriter writer, ChatSummary chat, string instanceId, DateTimeOffset now)
    {
        var began = chat.Chat?.CreatedAt;
        writer.WriteStartObject();
        writer.WriteStringOrNull("id", chat.Contact?.Id);
        writer.WriteString("remoteJid", chat.RemoteJid);
        writer.WriteStringOrNull("pushName", NameOf(chat));
        writer.WriteStringOrNull("profilePicUrl", chat.Contact?.ProfilePicUrl);
        writer.WriteString("updatedAt", WireJson.Time(DateTimeOffset.FromUnixTimeSeconds(chat.LastMessage.MessageTimestamp)));
        writer.WriteStringOrNull("windowStart", began is { } start ? WireJson.Time(start) : null);
        writer.WriteStringOrNull("windowExpires", began is { } end ? WireJson.Time(end + Window) : null);
        writer.WriteBoolean("windowActive", began + Window > now);
        writer.WritePropertyName("lastMessage");
        MessageRowJson.WriteLast(writer, chat.LastMessage, instanceId, files.AddressOf(chat.LastMessage)?.AbsoluteUri);
        if (chat.Chat is { } stored)
            writer.WriteNumber("unreadCount", stored.UnreadMessages);
        else
            writer.WriteNull("unreadCount");
        writer.WriteBoolean("isSaved", chat.Contact is not null);
        writer.WriteEndObject();
    }
}
