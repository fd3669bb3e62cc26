using System.Text.Json;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Messages;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Providers;
using Evolution.Protocol.Jids;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.Api.Chats;

/// <summary><c>POST /chat/markMessageAsRead/{instanceName}</c>.</summary>
internal sealed class MarkMessageAsRead(IInstanceHosts hosts, MessageStore messages)
{
    public static Schema Body { get; } = Schema.Object
        .Properties(("readMessages", Schema.Array
            .MinItems(1)
            .UniqueItems()
            .Items(new Schema()
                .Properties(("id", Schema.String), ("fromMe", Schema.Boolean.Enum("true", "false")), ("remoteJid", Schema.String))
                .Required("id", "fromMe", "remoteJid")
                .NotEmpty("id", "remoteJid"))))
        .Required("readMessages");

    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        var reads = hosts.HostOf(call.Instance).Provider.Require<IMarksRead>();
        var marks = new List<ReadMark>();
        foreach (var key in call.Body.ArrayOf("readMessages").EnumerateArray())
        {
            // Own messages and lists have no one to tell. Evolution drops LIDs as well, and the participant.
            if (!key.IsTrue("fromMe") && key.TextOf("id") is { Length: > 0 } id
                && Jid.TryParse(key.TextOf("remoteJid"), out var chat) && (chat.IsUser || chat.IsGroup || chat.IsStatus))
            {
                marks.Add(new ReadMark(id, chat.ToUser(), await AuthorAsync(call, key, id, chat)));
            }
        }

        try
        {
            if (marks.Count > 0)
                await reads.MarkReadAsync(marks, call.Aborted);
        }
        catch (ProviderException e)
        {
            throw ApiException.Failed("Read messages fail", $"Error: {e.Message}");
        }

        return ApiReply.Created(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("message", "Read messages");
            writer.WriteString("read", "success");
            writer.WriteEndObject();
        });
    }

    // Without its author's name a receipt from a group reaches nobody.
    private async Task<Jid?> AuthorAsync(ApiCall call, JsonElement key, string id, Jid chat)
    {
        if (chat.IsUser)
            return null;
        var stored = await messages.FindByKeyAsync(call.Instance.Id, id, chat.ToString(), call.Aborted);
        if (stored is not null && MessageRecordKey.AddressedSender(stored) is { } author)
            return author;
        return Jid.TryParse(key.TextOf("participant"), out var participant) ? participant.ToUser() : null;
    }
}
