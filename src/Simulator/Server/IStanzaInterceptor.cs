using Evolution.Protocol.Nodes;

namespace Evolution.Simulator.Server;

/// <summary>Which way a stanza goes, seen from the server.</summary>
internal enum StanzaDirection
{
    /// <summary>From the client.</summary>
    In,

    /// <summary>To the client.</summary>
    Out,
}

/// <summary>
/// The one place every stanza passes: inbound after decryption and before anything looks at it, outbound before encryption.
/// Recording and faults hook in here.
/// </summary>
internal interface IStanzaInterceptor
{
    /// <summary>
    /// Says what goes on in place of <paramref name="node"/>: itself, several, or none. Calls of one connection and direction come one after
    /// the other, in stanza order; waiting in here delays that direction of that connection. May abort or finish the connection.
    /// </summary>
    ValueTask<IReadOnlyList<Node>> InterceptAsync(ServerConnection connection, StanzaDirection direction, Node node, CancellationToken ct);

    /// <summary>
    /// The certificate chain a new connection gets to see in place of the right one; null for the right one. Who would resume without looking at
    /// one has to.
    /// </summary>
    byte[]? ForgedCertificate(ServerKeys keys) => null;

    /// <summary>Whether clients may resume with IK; false answers each with XXfallback, as a server with a new static key does.</summary>
    bool AcceptsResumption => true;
}
