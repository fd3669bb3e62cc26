using Evolution.Protocol.Nodes;

namespace Evolution.Client.Messages.Sending;

/// <summary>A trusted-contact token in a reply or notification. Whose it is follows from the stanza: its own <c>jid</c> is ours.</summary>
internal readonly record struct ReceivedToken(ReadOnlyMemory<byte> Token, DateTimeOffset Timestamp)
{
    public static IReadOnlyList<ReceivedToken> In(Node stanza) =>
    [
        .. from token in stanza.Child("tokens")?.ChildrenOf("token") ?? []
           where token["type"] == "trusted_contact" && !token.Bytes.IsEmpty && token.TimeOf("t") is not null
           select new ReceivedToken(token.Bytes, token.TimeOf("t")!.Value),
    ];
}
