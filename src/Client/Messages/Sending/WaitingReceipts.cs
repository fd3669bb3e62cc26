using Evolution.Client.Messages.Receipts;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Messages.Sending;

/// <summary>
/// What the receipts that waited on the server say of our messages, as soon as they are off the wire: the server had a message that one names,
/// though the receipt itself may still wait in its chat's lane. The server ends what waited with <c>&lt;ib&gt;&lt;offline/&gt;&lt;/ib&gt;</c>
/// (Baileys, src/Socket/socket.ts; whatsmeow, connectionevents.go).
/// </summary>
internal sealed class WaitingReceipts(MessagingContext context)
{
    /// <summary>More are not kept: what they name may be sent again, and the recipient drops an id that he has.</summary>
    private const int Most = 16 * 1024;

    /// <summary>How long the server may take to deliver what waited; messages to be sent wait for it.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly Lock gate = new();
    private readonly HashSet<string> named = new(StringComparer.Ordinal);
    private TaskCompletionSource? delivering;

    /// <summary>Sees every stanza, in the order of the wire.</summary>
    public void Observe(Node node)
    {
        lock (gate)
        {
            switch (node.Tag)
            {
                case "success":
                    named.Clear();
                    delivering = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    break;
                case "ib" when node.Child("offline") is not null:
                    delivering?.TrySetResult();
                    delivering = null;
                    break;
                case "receipt" when delivering is not null && named.Count < Most:
                    named.UnionWith(IncomingReceipt.Read(node, context.Own).Where(receipt => receipt.ProvesArrival).SelectMany(receipt => receipt.Ids));
                    break;
            }
        }
    }

    /// <summary>Waits until everything that waited is off the wire, or for ten seconds.</summary>
    public async Task DeliveredAsync(CancellationToken ct)
    {
        Task delivered;
        lock (gate)
            delivered = delivering?.Task ?? Task.CompletedTask;
        try
        {
            await delivered.WaitAsync(Limit, context.Time, ct).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // There is much of it. What has not been named by now is sent again.
        }
    }

    /// <summary>Whether a receipt for this message has come.</summary>
    public bool Names(string id)
    {
        lock (gate)
            return named.Contains(id);
    }
}
