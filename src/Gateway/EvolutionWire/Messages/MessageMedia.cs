using System.Text.Json;
using Evolution.Client.Media;
using Evolution.Client.Messages;
using Evolution.Proto;
using Google.Protobuf;

namespace Evolution.Gateway.EvolutionWire.Messages;

/// <summary>The file of a message, read from the message's JSON.</summary>
internal sealed class MessageMedia
{
    private readonly IMessage content;

    private MessageMedia(IMessage content, string type, MediaReference reference)
    {
        this.content = content;
        Type = type;
        Reference = reference;
    }

    /// <summary>The content key, such as <c>imageMessage</c>.</summary>
    public string Type { get; }

    /// <summary>Where the file lies and how it is read.</summary>
    public MediaReference Reference { get; }

    public string? Mimetype => Text("mimetype");

    public string? FileName => Text("fileName");

    public string? Caption => Text("caption");

    /// <summary>The file of a message.</summary>
    /// <param name="message">The value of <c>message</c>, in any form in which Evolution writes it.</param>
    /// <returns>Null when there is no file in it.</returns>
    /// <exception cref="FormatException">It is not a message.</exception>
    public static MessageMedia? Of(JsonElement message)
    {
        var whole = ProtoJsonReader.Read<Message>(message);
        if (MediaReference.Of(whole) is not { } reference)
            return null;
        var inner = MessageContents.Unwrap(whole);
        var found = Message.Descriptor.Fields.InFieldNumberOrder()
            .FirstOrDefault(field => field.Name is "imageMessage" or "videoMessage" or "audioMessage" or "documentMessage" or "stickerMessage" or "ptvMessage"
                && field.Accessor.HasValue(inner));
        return found is null ? null : new MessageMedia((IMessage)found.Accessor.GetValue(inner), found.Name, reference);
    }

    /// <summary>Whether the message has nothing but context.</summary>
    public static bool IsOnlyContext(JsonElement message) =>
        message.ValueKind == JsonValueKind.Object && message.EnumerateObject().All(property => property.NameEquals("messageContextInfo"))
        && message.EnumerateObject().Any();

    /// <summary>Writes the value of <c>size</c>.</summary>
    public void WriteSize(Utf8JsonWriter writer) => ProtoJsonWriter.Write(
        writer, content, ProtoJsonStyle.Event, field => field.Name is not ("fileLength" or "height" or "width"));

    private string? Text(string field) =>
        content.Descriptor.FindFieldByName(field) is { } found && found.Accessor.HasValue(content) && found.Accessor.GetValue(content) is string { Length: > 0 } text
            ? text
            : null;
}
