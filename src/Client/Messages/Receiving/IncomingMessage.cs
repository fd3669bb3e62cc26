using Evolution.Client.Addressing;
using Evolution.Client.Stores;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Messages.Receiving;

/// <summary>A message stanza, read but not decrypted. The rules who is chat and who is author: Baileys Utils/decode-wa-message.ts, decodeMessageNode.</summary>
internal sealed record IncomingMessage
{
    public required MessageInfo Info { get; init; }

    /// <summary>The author's device, in the form the stanza used.</summary>
    public required Jid Author { get; init; }

    /// <summary>The pairs of addresses the stanza tells.</summary>
    public required IReadOnlyList<AddressMapping> Mappings { get; init; }

    /// <summary>The encrypted parts, in stanza order.</summary>
    public required IReadOnlyList<EncryptedPart> Parts { get; init; }

    /// <summary>Content that is not encrypted (newsletters); null when there is none.</summary>
    public ReadOnlyMemory<byte>? Plaintext { get; init; }

    /// <summary>Why the server has no content for us, such as <c>view_once_unavailable_fanout</c>; null when it does not say so.</summary>
    public string? Unavailable { get; init; }

    public bool IsPeer => string.Equals(Info.Category, "peer", StringComparison.Ordinal);

    /// <summary>Whether a device that can't read it shows nothing at all.</summary>
    public bool IsHiddenOnFailure => Parts.Any(part => part.IsHiddenOnFailure);

    /// <summary>Reads a stanza.</summary>
    /// <exception cref="FormatException">The stanza contradicts itself or lacks what it must have; the reason is in the message.</exception>
    public static IncomingMessage Read(Node node, OwnAddress own)
    {
        var id = node["id"] ?? throw new FormatException("A message without id.");
        var from = node.JidOf("from") ?? throw new FormatException("A message without from.");
        var time = node.TimeOf("t") ?? throw new FormatException("A message without time.");
        var (chat, author, fromMe) = Place(node, from, own);
        var alternatives = Alternatives(node, author);
        var parts = node.ChildrenOf("enc").Select(EncryptedPart.Read).ToArray();

        var authorAlt = alternatives.Author ?? (own.IsMe(author) ? OtherForm(own, author) : null);
        Jid? chatAlt = null;
        if (chat.IsUser)
            chatAlt = own.IsMe(chat) ? OtherForm(own, chat) : fromMe ? alternatives.Recipient : alternatives.Author;

        return new IncomingMessage
        {
            Info = new MessageInfo(id, chat, author.ToUser(), fromMe, time)
            {
                ChatAlt = chatAlt,
                SenderAlt = authorAlt,
                SenderDevice = author.Device,
                AddressingMode = alternatives.Mode,
                PushName = node["notify"],
                Category = node["category"],
                RetryCount = parts.Select(part => part.Count).DefaultIfEmpty().Max(),
                VerifiedName = VerifiedName(node),
            },
            Author = author,
            Mappings = Pairs((author.ToUser(), authorAlt), (chat, chatAlt)),
            Parts = parts,
            Plaintext = node.Child("plaintext") is { } plain ? plain.Bytes : null,
            Unavailable = node.Child("unavailable") is { } unavailable ? unavailable["type"] ?? "unknown" : null,
        };
    }

    private static (Jid Chat, Jid Author, bool FromMe) Place(Node node, Jid from, OwnAddress own)
    {
        if (from.IsUser || from.IsBot)
        {
            var fromMe = own.IsMe(from);
            if (node.JidOf("recipient") is not { } recipient || recipient.IsBot)
                return (from.ToUser(), from, fromMe);
            if (!fromMe)
                throw new FormatException("A recipient in a message that is not from this account.");
            return (recipient.ToUser(), from, true);
        }

        if (from.IsGroup || from.IsBroadcast || from.IsStatus)
        {
            var participant = node.JidOf("participant") ?? throw new FormatException("A group message without participant.");
            return (from, participant, own.IsMe(participant));
        }

        if (from.IsNewsletter)
            return (from, from, false);

        throw new FormatException($"A message from the unknown kind of address @{from.Server}.");
    }

    private static (string Mode, Jid? Author, Jid? Recipient) Alternatives(Node node, Jid author)
    {
        var mode = node["addressing_mode"] ?? (author.IsLid ? "lid" : "pn");
        var suffix = mode == "lid" ? "pn" : "lid";
        var other = node.JidOf($"participant_{suffix}") ?? node.JidOf($"sender_{suffix}");
        var recipient = node.JidOf($"recipient_{suffix}") ?? node.JidOf($"peer_recipient_{suffix}");
        return (mode, other?.ToUser(), recipient?.ToUser());
    }

    private static Jid? OtherForm(OwnAddress own, Jid jid) => jid.IsLid ? own.Device.ToUser() : own.Lid?.ToUser();

    private static AddressMapping[] Pairs(params (Jid Jid, Jid? Other)[] pairs) =>
        [.. pairs.Select(pair => AddressBook.Pair(pair.Jid, pair.Other)).OfType<AddressMapping>().Distinct()];

    private static string? VerifiedName(Node node)
    {
        if (node.Child("verified_name") is not { } certificate || certificate.Bytes.IsEmpty)
            return null;
        try
        {
            var details = Proto.VerifiedNameCertificate.Parser.ParseFrom(certificate.Bytes.Span).Details;
            return Proto.VerifiedNameCertificate.Types.Details.Parser.ParseFrom(details).VerifiedName;
        }
        catch (Google.Protobuf.InvalidProtocolBufferException)
        {
            // A name that can't be read is no reason to lose the message.
            return null;
        }
    }
}
