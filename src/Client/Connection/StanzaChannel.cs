using Evolution.Protocol.Nodes;

namespace Evolution.Client.Connection;

/// <summary>What features hold instead of a connection: leads to the current one, or says that there is none.</summary>
internal sealed class StanzaChannel : IStanzaChannel
{
    private volatile WhatsAppConnection? current;
    private volatile bool open;

    public bool IsOpen => open && current is { IsOpen: true };

    /// <summary>Leads to this connection from now on; <see cref="Open"/> follows when the login is done.</summary>
    public void Attach(WhatsAppConnection connection)
    {
        open = false;
        current = connection;
    }

    public void Open() => open = true;

    public void Detach()
    {
        open = false;
        current = null;
    }

    public string NextId() => Live.NextId();

    public Task<Node> QueryAsync(Node iq, TimeSpan? timeout, CancellationToken ct) => Live.QueryAsync(iq, timeout, ct);

    public ValueTask SendAsync(Node node, CancellationToken ct) => Live.SendAsync(node, ct);

    public Task<Node> SendForAckAsync(Node node, string ackId, TimeSpan timeout, CancellationToken ct) => Live.SendForAckAsync(node, ackId, timeout, ct);

    private WhatsAppConnection Live => current ?? throw new ConnectionLostException();
}
