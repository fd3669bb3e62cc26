using Evolution.Client.Addressing;
using Evolution.Client.Connection;
using Evolution.Client.Messages;
using Evolution.Client.Stores;
using Evolution.Protocol.Jids;

namespace Evolution.Client.Groups;

/// <summary>
/// What groups are. The newest 64 are remembered until a notification tells of a change; a message needs the list of members, and asking each
/// time would cost a round trip.
/// </summary>
public sealed class Groups
{
    private const int Remembered = 64;

    // The server's words for "there is no such group" and "you are not in it".
    private const int NotFound = 404;
    private const int Forbidden = 403;

    private readonly MessagingContext context;
    private readonly BoundedCache<Jid, GroupMetadata> known = new(Remembered);
    private readonly BoundedCache<Jid, GroupMetadata> seen = new(Remembered);

    internal Groups(MessagingContext context) => this.context = context;

    /// <summary>What a group is; null when there is none or this account is not in it.</summary>
    /// <exception cref="ConnectionLostException">It had to be asked for and there is no connection.</exception>
    /// <exception cref="IqException">The server refused for another reason.</exception>
    /// <exception cref="TimeoutException">The server did not answer in time.</exception>
    public async Task<GroupMetadata?> FindAsync(Jid group, CancellationToken ct)
    {
        if (!group.IsGroup)
            return null;
        if (Known(group) is { } found)
            return found;
        // A change that is told while the answer is on its way makes it worthless for later.
        var generation = known.Generation;
        GroupMetadata metadata;
        try
        {
            metadata = await context.Channel.RequestAsync(new GroupMetadataRequest(group), ct).ConfigureAwait(false);
        }
        catch (IqException e) when (e.Code is NotFound or Forbidden)
        {
            return null;
        }

        await context.LearnNowAsync(Pairs(metadata.Participants), ct).ConfigureAwait(false);
        known.Fill(group, metadata, generation);
        return metadata;
    }

    /// <summary>
    /// Whether somebody is an admin of a group. May be asked while an event is handled: nothing is learned from the answer but this.
    /// </summary>
    /// <param name="person">Either address.</param>
    /// <param name="other">The other one, where it is known.</param>
    /// <exception cref="ConnectionLostException">It had to be asked for and there is no connection.</exception>
    public async ValueTask<bool> IsAdminAsync(Jid group, Jid person, Jid? other, CancellationToken ct)
    {
        if (!group.IsGroup)
            return false;
        if ((Known(group) ?? (seen.TryGet(group, out var found) ? found : null)) is not { } metadata)
        {
            var generation = seen.Generation;
            try
            {
                metadata = await context.Channel.RequestAsync(new GroupMetadataRequest(group), ct).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IqException or TimeoutException)
            {
                return false;
            }

            // Not among the known ones: their addresses are learned, which needs the locks of many people's sessions, and the caller may hold some.
            seen.Fill(group, metadata, generation);
        }

        return metadata.Participants.Any(participant => participant.Role != GroupRole.Member
            && (Is(participant, person) || (other is { } known && Is(participant, known))));
    }

    /// <summary>What is remembered of a group; null when nothing is.</summary>
    internal GroupMetadata? Known(Jid group) => known.TryGet(group, out var found) ? found : null;

    /// <summary>The group has changed, or what we know of it was wrong: it is asked for when next needed.</summary>
    internal void Forget(Jid group)
    {
        known.Remove(group);
        seen.Remove(group);
    }

    /// <summary>Groups have changed while we were away, and the server does not say which: each is asked for when next needed.</summary>
    internal void ForgetAll()
    {
        known.Clear();
        seen.Clear();
    }

    /// <summary>The pairs of addresses that a list of members tells.</summary>
    internal static IEnumerable<AddressMapping> Pairs(IEnumerable<GroupParticipant> participants) =>
        participants.Select(participant => AddressBook.Pair(participant.Jid, participant.Other)).OfType<AddressMapping>();

    private static bool Is(GroupParticipant participant, Jid person) => participant.Jid == person.ToUser() || participant.Other == person.ToUser();
}
