using System.Text.Json;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Messages;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Providers.Outgoing;
using Evolution.Protocol.Jids;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.Api.Messages;

/// <summary>The <c>quoted</c> option: a message given whole, or found among the instance's stored ones by its id.</summary>
internal sealed class QuotedMessages(MessageStore messages)
{
    /// <returns>Null when nothing is quoted, or the id is not known: the message then goes out without a quote.</returns>
    /// <exception cref="ApiException">400: the given message can't be one.</exception>
    public async Task<QuotedMessage?> FindAsync(Instance instance, Jid chat, JsonElement quoted, CancellationToken cancellationToken)
    {
        if (quoted.ObjectOf("key") is not { ValueKind: JsonValueKind.Object } key || key.TextOf("id") is not { Length: > 0 } id)
            return null;
        if (quoted.ObjectOf("message") is { ValueKind: JsonValueKind.Object } given)
            return await GivenAsync(instance, chat, key, id, given, cancellationToken);

        var row = await messages.FindByKeyAsync(instance.Id, id, remoteJid: null, cancellationToken);
        if (row is null)
            return null;
        using var content = WireJson.Parse(row.Message);
        return new QuotedMessage(id, Jid.Parse(row.RemoteJid), MessageRecordKey.AddressedSender(row), row.FromMe, StoredContent.Serialise(content.RootElement));
    }

    private async Task<QuotedMessage> GivenAsync(Instance instance, Jid chat, JsonElement key, string id, JsonElement message, CancellationToken cancellationToken)
    {
        var quotedChat = Jid.TryParse(key.TextOf("remoteJid"), out var remote) ? remote.ToUser() : chat;
        var sender = Jid.TryParse(key.TextOf("participant"), out var participant) ? participant.ToUser() : (Jid?)null;
        var fromMe = key.IsTrue("fromMe");
        // In a group a quote without its author is nobody's; clients that keep only id and chat leave him out.
        if (sender is null && !fromMe && !quotedChat.IsUser
            && await messages.FindByKeyAsync(instance.Id, id, quotedChat.ToString(), cancellationToken) is { } stored)
        {
            (sender, fromMe) = (MessageRecordKey.AddressedSender(stored), stored.FromMe);
        }

        try
        {
            return new QuotedMessage(id, quotedChat, sender, fromMe, StoredContent.Serialise(message));
        }
        catch (FormatException e)
        {
            throw ApiException.BadRequest($"quoted.message is not a message: {e.Message}");
        }
    }
}
