using System.Threading.Channels;
using Evolution.Gateway.Instances;

namespace Evolution.Gateway.Media;

/// <summary>Stored messages whose files are put into the object store as they arrive. When too many wait, the newest are left to whoever delivers their events, and to <see cref="WaitingUploads"/>.</summary>
/// <param name="isWanted">Whether there is an object store.</param>
internal sealed class ArrivedFiles(bool isWanted)
{
    private const int Capacity = 4096;

    private readonly Channel<(Instance Instance, string MessageId, string Chat)> waiting =
        Channel.CreateBounded<(Instance, string, string)>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Whether there is an object store.</summary>
    public bool IsWanted => isWanted;

    /// <summary>Takes a message that is stored and has a file; never waits.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="messageId">WhatsApp's id of the message.</param>
    /// <param name="chat">Its chat.</param>
    public void Add(Instance instance, string messageId, string chat)
    {
        if (isWanted)
            waiting.Writer.TryWrite((instance, messageId, chat));
    }

    /// <summary>What waits, as it comes, until it is cancelled.</summary>
    public IAsyncEnumerable<(Instance Instance, string MessageId, string Chat)> ReadAllAsync(CancellationToken cancellationToken) =>
        waiting.Reader.ReadAllAsync(cancellationToken);
}
