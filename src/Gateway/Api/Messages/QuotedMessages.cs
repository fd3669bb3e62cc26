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
            return Given(chat, key, id, given);

        var row = await messages.FindByKeyAsync(instance.Id, id, remoteJid: null, cancellationToken);
        if (row is null)
            return null;
        using var content = JsonDocument.Parse(row.Message);
        var sender = string.IsNullOrEmpty(row.Participant) ? null : (Jid?)Jid.Parse(row.Participant);
        return new QuotedMessage(id, Jid.Parse(row.RemoteJid), sender, row.FromMe, StoredContent.Serialise(content.RootElement));
    }

    private static QuotedMessage Given(Jid chat, JsonElement key, string id, JsonElement message)
    {
        try
        {
            return new QuotedMessage(
                id,
                Jid.TryParse(key.TextOf("remoteJid"), out var remote) ? remote.ToUser() : chat,
                Jid.TryParse(key.TextOf("participant"), out var sender) ? sender.ToUser() : null,
                key.IsTrue("fromMe"),
                StoredContent.Serialise(message));
        }
        catch (FormatException e)
        {
            throw ApiException.BadRequest($"quoted.message is not a message: {e.Message}");
        }
    }
}
