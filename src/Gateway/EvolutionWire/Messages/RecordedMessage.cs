using System.Text.Json;
using Evolution.Client.Media;
using Evolution.Protocol.Jids;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.EvolutionWire.Messages;

/// <summary>A message record that is JSON already, with the place where something of ours may be added to its <c>message</c>.</summary>
/// <param name="Media">Its file.</param>
/// <param name="Owner">The message, as the phone knows it.</param>
/// <param name="End">Offset of the closing brace of <c>message</c>.</param>
internal sealed record RecordedMessage(MessageMedia Media, MediaOwner Owner, int End)
{
    /// <summary>The property of <c>message</c> that says where its file can be fetched.</summary>
    public const string MediaUrl = "mediaUrl";

    /// <param name="json">The record, or an object around it.</param>
    /// <param name="path">The properties that lead to the record; empty when it stands alone.</param>
    /// <returns>Null when there is no record with a file there.</returns>
    public static RecordedMessage? Find(ReadOnlyMemory<byte> json, params ReadOnlySpan<string> path)
    {
        using var document = WireJson.Parse(json);
        var record = document.RootElement;
        foreach (var name in path)
            record = record.ObjectOf(name);
        return MessageMedia.Of(record.ObjectOf("message")) is { } media && OwnerOf(record.ObjectOf("key")) is { } owner
            ? new RecordedMessage(media, owner, EndOf(json.Span, [.. path, "message"]))
            : null;
    }

    /// <summary>Which message a <c>key</c> names; null when it names none.</summary>
    public static MediaOwner? OwnerOf(JsonElement key) =>
        key.TextOf("id") is { Length: > 0 } id && Jid.TryParse(key.TextOf("remoteJid"), out var chat)
            ? new MediaOwner(id, chat, key.IsTrue("fromMe"), Jid.TryParse(key.TextOf("participant"), out var participant) ? participant : null)
            : null;

    /// <summary>Which message a stored one is.</summary>
    public static MediaOwner OwnerOf(MessageRow row) =>
        new(row.KeyId, Jid.Parse(row.RemoteJid), row.FromMe, Jid.TryParse(row.Participant, out var participant) ? participant : null);

    private static int EndOf(ReadOnlySpan<byte> json, string[] path)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = WireJson.MaxDepth });
        reader.Read();
        foreach (var name in path)
        {
            while (reader.Read() && !(reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals(name)))
                reader.Skip();
            reader.Read();
        }

        reader.Skip();
        return (int)reader.TokenStartIndex;
    }
}
