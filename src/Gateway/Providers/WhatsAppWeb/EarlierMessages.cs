using Evolution.Client;
using Evolution.Client.Stores;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>Finds the message that another one acts on.</summary>
internal sealed class EarlierMessages(string instanceId, MessageStore messages)
{
    /// <param name="info">The message that acts on it, in the same chat.</param>
    /// <param name="id">WhatsApp's id of the message that is looked for.</param>
    /// <param name="writes">What is about to be stored: it may have come just before, in the same batch.</param>
    /// <param name="cancellationToken">Gives up looking.</param>
    public async ValueTask<MessageRow?> FindAsync(MessageInfo info, string id, DeviceWriteSet writes, CancellationToken cancellationToken) =>
        writes.EarlierAttached().OfType<InsertMessage>().LastOrDefault(insert => insert.Message.KeyId == id && insert.Chat == info.CanonicalChat)?.Message
        ?? await messages.FindByKeyAsync(instanceId, id, info.Chat.ToString(), cancellationToken);
}
