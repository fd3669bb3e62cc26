using System.Text.Json;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Messages;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Providers;
using Evolution.Gateway.Providers.Outgoing;
using Evolution.Protocol.Jids;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.Api.Chats;

/// <summary><c>POST /chat/updateMessage/{instanceName}</c>: edits a text, or the caption of an image or video.</summary>
internal sealed class UpdateMessage(IInstanceHosts hosts, MessageStore messages, SavingOptions saving)
{
    public static Schema Body { get; } = new Schema()
        .Type("object")
        .Properties(
            ("number", Schema.String),
            ("text", Schema.String),
            ("key", Schema.Object
                .Properties(("id", Schema.String), ("remoteJid", Schema.String), ("fromMe", Schema.Boolean.Enum("true", "false")))
                .Required("id", "fromMe", "remoteJid")
                .NotEmpty("id", "remoteJid")))
        .NotEmpty("number", "text", "key");

    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        if (call.Body.TextOf("number") is not { } number || call.Body.TextOf("text") is not { } text || call.Body.ObjectOf("key").TextOf("id") is not { } id)
            throw ApiException.BadRequest("number, text and key are required");
        if (RecipientNumber.Parse(number) is not { } chat)
            throw ApiException.BadRequest($"\"{number}\" is no number");
        var media = saving.Messages ? await CheckAsync(call, id, chat) : null;
        try
        {
            var sender = hosts.HostOf(call.Instance).Provider.Require<ISendsMessages>();
            var sent = await sender.SendAsync(new OutgoingMessage { To = chat, Content = new OutgoingEdit(id, text, media) }, call.Aborted);
            return new ApiReply(StatusCodes.Status200OK, sent.Record);
        }
        catch (ProviderException e)
        {
            throw ApiException.BadRequest($"Error: {e.Message}");
        }
    }

    // The image or video whose caption is edited; null for a text.
    private async Task<ReadOnlyMemory<byte>?> CheckAsync(ApiCall call, string id, Jid chat)
    {
        var stored = await messages.FindByKeyAsync(call.Instance.Id, id, remoteJid: null, call.Aborted);
        if (stored?.MessageType is not ("conversation" or "imageMessage" or "videoMessage"))
            throw ApiException.BadRequest("Message not compatible");
        if (chat.ToString() is var named && named != stored.RemoteJid && named != stored.RemoteJidAlt && named != stored.RemoteLid)
            throw ApiException.BadRequest("RemoteJid does not match");
        if (!stored.FromMe)
            throw ApiException.BadRequest("You cannot edit others messages");
        if (stored.KeyExtra is not null)
        {
            using var extra = JsonDocument.Parse(stored.KeyExtra);
            if (extra.RootElement.IsTrue("deleted"))
                throw ApiException.BadRequest("You cannot edit deleted messages");
        }

        if (stored.MessageType == "conversation")
            return null;
        using var content = WireJson.Parse(stored.Message);
        return StoredContent.Serialise(content.RootElement);
    }
}
