using Evolution.Protocol.Nodes;
using Evolution.Simulator.Server;

namespace Evolution.Simulator.Faults;

/// <summary>What a fault does, and to which stanzas it can be done.</summary>
/// <param name="Fits">Whether it makes sense for this stanza.</param>
/// <param name="Apply">Does it; says what goes on in the stanza's place.</param>
internal sealed record FaultAction(Func<StanzaDirection, Node, bool> Fits, Func<FaultScene, ValueTask<IReadOnlyList<Node>>> Apply)
{
    /// <summary>The direction that is meant when a fault names none, by the tag and type that it names.</summary>
    public Func<string?, string?, StanzaDirection> Usual { get; init; } = (_, _) => StanzaDirection.Out;

    /// <summary>Ends connections, so that it may also strike at once, without a stanza.</summary>
    public bool EndsConnection { get; init; }

    /// <summary>Strikes at an occasion of its own (login, handshake, file); of what a fault says of stanzas, only the counts matter.</summary>
    public bool HasOccasion { get; init; }

    /// <summary>Strikes in the handshake instead: makes the certificate chain that the connection sees.</summary>
    public Func<ServerKeys, DateTimeOffset, byte[]>? Certificate { get; init; }

    /// <summary>Strikes on the media host instead: the HTTP status of its answer.</summary>
    public int? MediaStatus { get; init; }

    /// <summary>The HTTP method that <see cref="MediaStatus"/> is for.</summary>
    public string MediaMethod { get; init; } = "GET";

    /// <summary>Whether stanzas set it off.</summary>
    public bool OnStanzas => Certificate is null && MediaStatus is null;
}
