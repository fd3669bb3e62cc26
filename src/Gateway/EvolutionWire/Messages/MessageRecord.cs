using System.Text;
using System.Text.Json;
using Evolution.Client;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.EvolutionWire.Messages;

/// <summary>
/// A message as clients see it in <c>messages.upsert</c>, <c>messages.set</c>, <c>send.message</c> and in the answer to a send.
/// </summary>
internal sealed record MessageRecord
{
    /// <summary>What Evolution calls the account itself, in whatever language its users speak.</summary>
    public const string OwnPushName = "Você";

    public required MessageRecordKey Key { get; init; }

    /// <summary>The sender's name; null when it isn't known.</summary>
    public required string? PushName { get; init; }

    /// <summary>How far it got; null leaves the key out.</summary>
    public required MessageStatus? Status { get; init; }

    public required MessageContent Content { get; init; }

    public required DateTimeOffset Timestamp { get; init; }

    public required string InstanceId { get; init; }

    /// <summary>The message as it is stored for the find routes.</summary>
    /// <param name="rowId">Id of the row, from <see cref="Storage.RowId"/>.</param>
    public MessageRow ToRow(string rowId) => new()
    {
        Id = rowId,
        KeyId = Key.Id,
        RemoteJid = Key.RemoteJid,
        RemoteJidAlt = Key.RemoteJidAlt,
        RemoteLid = Key.RemoteLid,
        FromMe = Key.FromMe,
        Participant = Key.Participant,
        ParticipantAlt = Key.ParticipantAlt,
        ParticipantLid = Key.ParticipantLid,
        AddressingMode = Key.AddressingMode,
        PushName = PushName,
        MessageType = Content.Type,
        Message = Text(writer => Content.WriteMessage(writer, ProtoJsonStyle.Record)),
        ContextInfo = Content.Context is null ? null : Text(writer => Content.WriteContext(writer, ProtoJsonStyle.Record)),
        Source = SourceOf(Key.Id),
        MessageTimestamp = Timestamp.ToUnixTimeSeconds(),
        Status = Status,
    };

    /// <summary>Where a message came from, read from its id.</summary>
    public static string SourceOf(string messageId) => messageId switch
    {
        { Length: 20 } when messageId.StartsWith("3A", StringComparison.Ordinal) => "ios",
        { Length: 22 } when messageId.StartsWith("3E", StringComparison.Ordinal) => "web",
        { Length: 21 or 32 } => "android",
        { Length: 18 } => "desktop",
        _ when messageId.StartsWith("3F", StringComparison.Ordinal) => "desktop",
        _ => "unknown",
    };

    /// <summary>The name to show: the one the sender chose, <see cref="OwnPushName"/> for the account itself, else the number, else none.</summary>
    public static string? ShownName(string? pushName, MessageRecordKey key)
    {
        if (!string.IsNullOrEmpty(pushName))
            return pushName;
        if (key.FromMe)
            return OwnPushName;
        return string.IsNullOrEmpty(key.Participant) ? null : key.Participant.Split('@', ':')[0];
    }

    /// <summary>Writes the record as events and send answers have it.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("key");
        Key.Write(writer);
        writer.WriteStringOrNull("pushName", PushName);
        if (Status is { } status)
            writer.WriteString("status", MessageStatusNames.Of(status));
        writer.WritePropertyName("message");
        Content.WriteMessage(writer, ProtoJsonStyle.Event);
        if (Content.Context is not null)
        {
            writer.WritePropertyName("contextInfo");
            Content.WriteContext(writer, ProtoJsonStyle.Event);
        }

        writer.WriteString("messageType", Content.Type);
        writer.WriteNumber("messageTimestamp", Timestamp.ToUnixTimeSeconds());
        writer.WriteString("instanceId", InstanceId);
        writer.WriteString("source", SourceOf(Key.Id));
        writer.WriteEndObject();
    }

    private static string Text(Action<Utf8JsonWriter> write) => Encoding.UTF8.GetString(WireJson.Bytes(write).Span);
}
