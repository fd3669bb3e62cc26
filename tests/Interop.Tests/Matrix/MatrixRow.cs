using Evolution.Gateway.Providers.Outgoing;
using Evolution.Proto;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>A kind of message: what it is, and how each side makes it.</summary>
internal sealed record MatrixRow(string Name)
{
    /// <summary>
    /// What the reader must find, and what a side sends that has no call of its own for it. Without where a file lies, which the sender fills in.
    /// </summary>
    public required Func<CellContext, Message> Content { get; init; }

    /// <summary>What the gateway makes of the request for it; null when it has none, and our client sends the content as it is.</summary>
    public Func<CellContext, OutgoingMessage>? Product { get; init; }

    /// <summary>What the gateway's request says beside its content: that it is an answer, mentions, a time to disappear.</summary>
    public Func<OutgoingMessage, CellContext, OutgoingMessage> Beside { get; init; } = (message, _) => message;

    /// <summary>What Baileys' <c>sendMessage</c> is given; null when it has nothing for it, and relays the content as it is.</summary>
    public Func<CellContext, BaileysContent>? Baileys { get; init; }

    /// <summary>The call of whatsapp-rust; null when it sends the content as it is.</summary>
    public Func<CellContext, RustCall>? Rust { get; init; }

    /// <summary>The file in it; null for none.</summary>
    public SampleFile? File { get; init; }

    /// <summary>Whether the gateway has a request that sends this file.</summary>
    public bool IsSentFile { get; init; }

    /// <summary>Whether the gateway makes it for us, and not our client alone.</summary>
    public bool IsOfGateway => Product is not null || IsSentFile;

    public Earlier After { get; init; }

    /// <summary>Where it can't go at all, and why.</summary>
    public IReadOnlyDictionary<Place, LeftOut> NotAt { get; init; } = new Dictionary<Place, LeftOut>();

    /// <summary>What a client drops of what it is given to send, by path.</summary>
    public IReadOnlyDictionary<PeerKind, string[]> Drops { get; init; } = new Dictionary<PeerKind, string[]>();

    /// <summary>Whether it stands for its family in the gate.</summary>
    public bool InGate { get; init; }

    /// <summary>Whether our stanza of it is compared with Baileys'.</summary>
    public bool IsCompared { get; init; } = true;
}

/// <param name="Content">As its JSON; bytes and times as <see cref="DriverJson"/> writes them.</param>
/// <param name="Options">Likewise; null for none.</param>
internal sealed record BaileysContent(object Content, object? Options = null)
{
    /// <summary>Whether the earlier message is quoted.</summary>
    public bool QuotesEarlier { get; init; }
}

/// <param name="Operation">An operation of the driver.</param>
internal sealed record RustCall(string Operation, object Arguments);
