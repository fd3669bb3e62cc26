namespace Evolution.Protocol.Framing;

/// <summary>What a client sends once in front of its first frame.</summary>
/// <param name="RoutingInfo">The edge routing that the server had given; empty when there was none.</param>
/// <param name="Version">Protocol version; 6.</param>
/// <param name="Dictionary">Version of the token dictionaries; 3.</param>
public sealed record StreamHeader(ReadOnlyMemory<byte> RoutingInfo, byte Version, byte Dictionary)
{
    /// <summary>The four bytes <c>WA</c>, version 6, dictionary 3: the Noise handshake's prologue (whatsmeow: socket/constants.go).</summary>
    public static ReadOnlySpan<byte> Prologue => [(byte)'W', (byte)'A', 6, 3];
}
