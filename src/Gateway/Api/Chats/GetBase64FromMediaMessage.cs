using System.Text.Json;
using Evolution.Client.Media;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Messages;
using Evolution.Gateway.Media;
using Evolution.Gateway.Providers;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.Api.Chats;

/// <summary><c>POST /chat/getBase64FromMediaMessage/{instanceName}</c>.</summary>
internal sealed class GetBase64FromMediaMessage(MessageStore messages, MediaLibrary library, Recordings recordings)
{
    private const string Mp4 = "audio/mp4";

    private const string NeedsFfmpeg =
        "convertToMp4 needs ffmpeg, which is not installed: install it on the server (Debian and Ubuntu: apt-get install ffmpeg), or leave convertToMp4 out and take the sound as it was sent";

    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        if (call.Body.ObjectOf("message") is not { ValueKind: JsonValueKind.Object } record)
            throw ApiException.BadRequest("TypeError: Cannot read properties of undefined (reading 'key')");
        try
        {
            var (media, owner) = await FindAsync(call, record);
            var file = await library.GetAsync(call.Instance, media.Reference, owner, call.Aborted);
            // Anything but sound stays as it is, whatever is asked.
            if (!call.Body.IsTrue("convertToMp4") || media.Type != "audioMessage")
                return Answer(media, owner.MessageId, file, media.Mimetype ?? "");
            if (!recordings.CanConvert)
                throw ApiException.BadRequest(NeedsFfmpeg);
            return Answer(media, owner.MessageId, await recordings.ToMp4Async(file, call.Aborted), Mp4);
        }
        catch (ProviderException e)
        {
            throw ApiException.BadRequest($"Error: {e.Message}");
        }
        catch (MediaException e)
        {
            throw ApiException.BadRequest($"Error: {e.Message}");
        }
    }

    private async Task<(MessageMedia Media, MediaOwner Owner)> FindAsync(ApiCall call, JsonElement record)
    {
        if (record.ObjectOf("message") is { ValueKind: JsonValueKind.Object } given)
        {
            return (MediaIn(given), RecordedMessage.OwnerOf(record.ObjectOf("key"))
                ?? throw ApiException.BadRequest("message.key must have an id and a remoteJid"));
        }

        var key = record.ObjectOf("key");
        var row = key.TextOf("id") is { Length: > 0 } id ? await messages.FindByKeyAsync(call.Instance.Id, id, remoteJid: null, call.Aborted) : null;
        if (row is null)
            throw ApiException.BadRequest("Message not found");
        using var stored = WireJson.Parse(row.Message);
        return (MediaIn(stored.RootElement), RecordedMessage.OwnerOf(row));
    }

    private static MessageMedia MediaIn(JsonElement message)
    {
        if (MessageMedia.IsOnlyContext(message))
            throw ApiException.BadRequest("The message is messageContextInfo");
        if (message.ObjectOf("templateMessage").ValueKind == JsonValueKind.Object)
            throw ApiException.BadRequest("Template message does not contain a supported media type");
        try
        {
            return MessageMedia.Of(message) ?? throw ApiException.BadRequest("The message is not of the media type");
        }
        catch (FormatException e)
        {
            throw ApiException.BadRequest($"Error: {e.Message}");
        }
    }

    private static ApiReply Answer(MessageMedia media, string messageId, StoredMedia file, string mimetype)
    {
        var json = WireJson.Bytes(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("mediaType", media.Type);
            writer.WriteString("fileName", media.FileName ?? $"{messageId}.{FileTypes.ExtensionOf(media.Mimetype ?? "")}");
            if (media.Caption is { } caption)
                writer.WriteString("caption", caption);
            writer.WritePropertyName("size");
            media.WriteSize(writer);
            writer.WriteString("mimetype", mimetype);
            writer.WriteNull("buffer");
            writer.WriteEndObject();
        });
        return new ApiReply(StatusCodes.Status201Created, JsonBody.WithBase64(json, json.Length - 1, file));
    }
}
