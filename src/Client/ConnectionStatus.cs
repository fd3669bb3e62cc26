namespace Evolution.Client;

/// <summary>The state of the connection, why it is so, and what happens next.</summary>
/// <param name="State">The state.</param>
/// <param name="Reason">Why the last connection ended; null before the first end and while all is well.</param>
/// <param name="NextTryAt">When the client connects again by itself; null when it does not, or is doing so now.</param>
/// <param name="Attempt">Consecutive failed attempts; 0 once a connection was stable.</param>
public sealed record ConnectionStatus(ConnectionState State, DisconnectReason? Reason = null, DateTimeOffset? NextTryAt = null, int Attempt = 0)
{
    /// <summary>What a client that was not started yet has.</summary>
    public static ConnectionStatus NotStarted { get; } = new(ConnectionState.Closed);
}
