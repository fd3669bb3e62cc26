using Evolution.Protocol.Nodes;
using Evolution.Simulator.Server;

namespace Evolution.Simulator.Faults;

/// <summary>What a fault does, and to which stanzas it can be done.</summary>
/// <param name="Fits">Whether it makes sense for this stanza.</param>
/// <param name="Apply">Does it; says what goes on in the stanza's place.</param>
internal sealed record FaultAction(Func<StanzaDirection, Node, bool> Fits, Func<FaultScene, ValueTask<IReadOnlyList<Node>>> Apply)
{
    /// <summary>Ends connections, so that it may also strike at once, without a stanza.</summary>
    public bool EndsConnection { get; init; }

    /// <summary>Strikes in the handshake: new connections see a wrong certificate.</summary>
    public bool BreaksCertificate { get; init; }

    /// <summary>Strikes on the media host instead: the HTTP status of its answer.</summary>
    public int? MediaStatus { get; init; }

    /// <summary>The HTTP method that <see cref="MediaStatus"/> is for.</summary>
    public string MediaMethod { get; init; } = "GET";

    /// <summary>Whether stanzas set it off.</summary>
    public bool OnStanzas => !BreaksCertificate && MediaStatus is null;
}
