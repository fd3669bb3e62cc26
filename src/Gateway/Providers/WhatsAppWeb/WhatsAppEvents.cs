using Evolution.Client;
using Evolution.Client.Stores;
using Evolution.Protocol.Jids;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>Turns what a device tells into rows of the same transaction.</summary>
internal sealed class WhatsAppEvents(
    ReceivedMessages received, MessageEvents messages, MessageChangeEvents changes, HistoryEvents history, PeopleEvents people)
{
    /// <summary>A person's LID for the phone JID and the other way round; null when it is not known.</summary>
    public required Func<Jid, CancellationToken, ValueTask<Jid?>> OtherAddress { get; init; }

    public required GroupEvents Groups { get; init; }

    public required CallEvents Calls { get; init; }

    /// <summary>Told of each step of a call once it is stored.</summary>
    public required Action<CallChanged> CallStored { get; init; }

    /// <summary>Adds the rows of an event that is not about the connection.</summary>
    public async ValueTask AddAsync(WhatsAppEvent e, DeviceWriteSet writes, CancellationToken cancellationToken)
    {
        switch (e)
        {
            case MessageReceived message:
                await received.AddAsync(message, writes, cancellationToken);
                break;
            case MessageUndecryptable unread when !messages.IsIgnored(unread.Info.Chat):
                writes.Attached.AddRange(messages.Undecryptable(unread));
                break;
            case MessageSending sending when MessageChange.Of(sending.Content) is { } change:
                writes.Attached.AddRange(await changes.SendingAsync(sending.Info, change, cancellationToken));
                break;
            case MessageSending sending:
                writes.Attached.AddRange(messages.Sending(sending.Info, sending.Content));
                break;
            case MessageStatusChanged status:
                var lane = await CanonicalAsync(status.Chat, cancellationToken);
                var reader = await ShownAsync(status.Participant, cancellationToken);
                writes.Attached.AddRange(messages.StatusChanged(
                    status with { Participant = reader }, await ShownAsync(status.Chat, cancellationToken), lane.ToString()));
                break;
            case HistoryReceived part:
                writes.Attached.AddRange(await history.ReceivedAsync(part.Chunk, cancellationToken));
                break;
            case PushNameChanged name:
                writes.Attached.AddRange(people.NameChanged(name, await ShownAsync(name.User, cancellationToken)));
                break;
            case AddressLearned learned:
                writes.Attached.AddRange(people.NumberKnown(learned));
                break;
            case GroupJoined joined:
                writes.Attached.AddRange(Groups.Joined(joined));
                break;
            case GroupRenamed renamed:
                writes.Attached.AddRange(Groups.Renamed(renamed, await ShownAsync(renamed.By, renamed.ByOther, cancellationToken)));
                break;
            case GroupParticipantsChanged changed:
                writes.Attached.AddRange(Groups.ParticipantsChanged(changed, await ShownAsync(changed.By, changed.ByOther, cancellationToken)));
                break;
            case CallChanged call:
                var caller = call.CallerPhone ?? await ShownAsync(call.Creator.ToUser(), cancellationToken);
                writes.Attached.AddRange(Calls.Changed(call, await ShownAsync(call.From, cancellationToken), caller));
                writes.WhenCommitted(() => CallStored(call));
                break;
            case PresenceChanged presence when !messages.IsIgnored(presence.Chat):
                var chat = await ShownAsync(presence.Chat, cancellationToken);
                var person = presence.Participant is { } participant ? await ShownAsync(participant, cancellationToken) : chat;
                writes.Attached.AddRange(people.Presence(presence, chat, person));
                break;
        }
    }

    // Clients see the phone JID whenever it is known.
    private async ValueTask<Jid> ShownAsync(Jid jid, CancellationToken cancellationToken) =>
        jid.IsLid && await OtherAddress(jid, cancellationToken) is { } phone ? phone : jid;

    private async ValueTask<Jid?> ShownAsync(Jid? jid, CancellationToken cancellationToken) =>
        jid is { } known ? await ShownAsync(known, cancellationToken) : null;

    // What the stanza itself says of him may be stored only a moment later.
    private async ValueTask<Jid?> ShownAsync(Jid? jid, Jid? other, CancellationToken cancellationToken) =>
        jid is { IsLid: true } && other is { IsPhone: true } ? other : await ShownAsync(jid, cancellationToken);

    // Events are ordered by the canonical chat, which is the LID where it is known.
    private async ValueTask<Jid> CanonicalAsync(Jid jid, CancellationToken cancellationToken) =>
        jid.IsPhone && await OtherAddress(jid, cancellationToken) is { } lid ? lid : jid;
}
