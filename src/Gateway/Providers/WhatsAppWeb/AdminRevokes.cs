using Evolution.Client;
using Evolution.Client.Stores;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Messages;
using Evolution.Gateway.Instances;
using Evolution.Protocol.Jids;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>Decides about deletions of what somebody else wrote: an admin of the group may.</summary>
internal sealed class AdminRevokes(EarlierMessages earlier, SavingOptions saving, Func<OwnAccount?> account)
{
    /// <summary>Whether somebody, by either address, is an admin of a group.</summary>
    public required Func<Jid, Jid, Jid?, CancellationToken, ValueTask<bool>> IsAdmin { get; init; }

    /// <summary>A person's LID for the phone JID and the other way round; null when it is not known.</summary>
    public required Func<Jid, CancellationToken, ValueTask<Jid?>> OtherAddress { get; init; }

    /// <returns>Null when the message stays: it is not stored, or whoever wants it gone may not say so.</returns>
    public async ValueTask<AdminRevoke?> FindAsync(MessageInfo info, MessageChange change, DeviceWriteSet writes, CancellationToken cancellationToken)
    {
        // Without a message nothing is asked: asking costs a round trip, and anybody can send ids.
        var row = saving.Messages ? await earlier.FindAsync(info, change.TargetId, writes, cancellationToken) : null;
        if (row is null && saving.Messages)
            return null;
        // Not every client names the author.
        Jid? named = Jid.TryParse(change.Protocol.Key.Participant, out var participant) ? participant.ToUser() : null;
        if ((named ?? (row is null ? null : AuthorOf(row))) is not { } author)
            return null;
        // Our own phone has asked its server already, and some clients call their own message another's.
        if (!info.FromMe && author != info.Sender && author != info.SenderAlt && !await IsAdmin(info.Chat, info.Sender, info.SenderAlt, cancellationToken))
            return null;

        var shown = author.IsLid && await OtherAddress(author, cancellationToken) is { } phone ? phone : author;
        var by = MessageRecordKey.ShownSender(info);
        return new AdminRevoke(author, MessageRecordKey.OfReceived(info) with
        {
            Id = change.TargetId,
            FromMe = row?.FromMe ?? (shown == account()?.Phone),
            Participant = shown.ToString(),
            ParticipantAlt = row?.ParticipantAlt,
            ParticipantLid = row?.ParticipantLid,
            Extra = System.Text.Encoding.UTF8.GetString(WireJson.Bytes(writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("deletedBy", by);
                writer.WriteEndObject();
            }).Span),
        });
    }

    private Jid? AuthorOf(MessageRow row) => row.FromMe ? account()?.Phone : Jid.TryParse(row.Participant, out var author) ? author : null;
}

/// <summary>A deletion by an admin.</summary>
/// <param name="Author">Who wrote the message.</param>
/// <param name="Key">The message's key, with <c>deletedBy</c>, a member of ours.</param>
internal sealed record AdminRevoke(Jid Author, MessageRecordKey Key);
