using Evolution.Protocol.Nodes;

namespace Evolution.Client.Connection;

/// <summary>The live connection as features see it. It outlives sockets: between two of them every call fails with <see cref="ConnectionLostException"/>.</summary>
internal interface IStanzaChannel
{
    /// <summary>Whether the device is logged in and stanzas can be sent.</summary>
    bool IsOpen { get; }

    /// <summary>A new request id, unique over the connection.</summary>
    string NextId();

    /// <summary>Sends an iq and waits for its result. Gives it an id when it has none.</summary>
    /// <param name="timeout">60 s when null.</param>
    /// <exception cref="IqException">The server refused.</exception>
    /// <exception cref="ConnectionLostException">No connection, or it ended before the answer.</exception>
    /// <exception cref="TimeoutException">No answer came in time.</exception>
    Task<Node> QueryAsync(Node iq, TimeSpan? timeout, CancellationToken ct);

    /// <summary>Writes a stanza; returns when the socket has taken it.</summary>
    /// <exception cref="ConnectionLostException">No connection.</exception>
    ValueTask SendAsync(Node node, CancellationToken ct);

    /// <summary>Writes a stanza and waits for the ack with this id. An ack with an error is returned like any other.</summary>
    /// <exception cref="ConnectionLostException">No connection, or it ended before the ack.</exception>
    /// <exception cref="TimeoutException">No ack came in time.</exception>
    Task<Node> SendForAckAsync(Node node, string ackId, TimeSpan timeout, CancellationToken ct);
}
