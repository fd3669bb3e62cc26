using Evolution.Client.Dispatch;
using Evolution.Client.Messages;
using Evolution.Client.Stores;
using Evolution.Protocol.Jids;

namespace Evolution.Client.Addressing;

/// <summary>
/// Who is who: maps phone JIDs to LIDs and back, and moves what is stored under the phone JID when a LID becomes known.
/// Where a write set is given, what it and the earlier sets of its batch say counts as known.
/// </summary>
internal sealed class AddressBook(IDeviceStore store)
{
    private const ushort HostedDevice = 99;

    /// <summary>The pair of two forms of one user; null unless one is a phone JID and the other a LID.</summary>
    public static AddressMapping? Pair(Jid jid, Jid? other)
    {
        if (other is not { } second)
            return null;
        if (jid.IsPhone && second.IsLid)
            return new AddressMapping(jid.ToUser(), second.ToUser());
        return jid.IsLid && second.IsPhone ? new AddressMapping(second.ToUser(), jid.ToUser()) : null;
    }

    /// <summary>The user's other form, without device, if it is known.</summary>
    public async ValueTask<Jid?> OtherAsync(Jid jid, DeviceWriteSet? pending, CancellationToken ct)
    {
        if (!jid.IsUser)
            return null;
        var user = jid.ToUser();
        for (var set = pending; set is not null; set = set.Earlier)
        {
            if (set.AddressMappings.FindLast(pair => user == (user.IsLid ? pair.Lid : pair.Phone)) is { } pair)
                return user.IsLid ? pair.Phone : pair.Lid;
        }

        var found = user.IsLid
            ? await store.LoadPhonesAsync([user], ct).ConfigureAwait(false)
            : await store.LoadLidsAsync([user], ct).ConfigureAwait(false);
        return found.TryGetValue(user, out var other) ? other : null;
    }

    /// <summary>The address under which a user or device is stored and locked: by LID if that is known, else as it is. Keeps the device.</summary>
    public async ValueTask<Jid> CanonicalAsync(Jid jid, DeviceWriteSet? pending, CancellationToken ct)
    {
        if (!jid.IsPhone || await OtherAsync(jid, pending, ct).ConfigureAwait(false) is not { } lid)
            return jid;
        return new Jid(lid.User, jid.IsHosted ? JidServers.HostedLid : JidServers.Lid, jid.Device);
    }

    /// <summary>Those of the pairs that say something new.</summary>
    public async ValueTask<IReadOnlyList<AddressMapping>> NewOnesAsync(
        IEnumerable<AddressMapping> pairs, DeviceWriteSet? pending, CancellationToken ct)
    {
        var fresh = new List<AddressMapping>();
        foreach (var pair in pairs.Distinct())
        {
            if (await OtherAsync(pair.Phone, pending, ct).ConfigureAwait(false) != pair.Lid)
                fresh.Add(pair);
        }

        return fresh;
    }

    /// <summary>The locks to hold while new pairs are learned: the sessions of every known device, under both names.</summary>
    public async ValueTask<IReadOnlyList<RatchetKey>> LocksForAsync(
        IReadOnlyList<AddressMapping> fresh, DeviceWriteSet writes, CancellationToken ct)
    {
        var keys = new List<RatchetKey>();
        foreach (var pair in fresh)
        {
            foreach (var (from, to) in await MovesAsync(pair, new RatchetReader(store, writes), ct).ConfigureAwait(false))
                keys.AddRange([RatchetKey.Session(from), RatchetKey.Session(to)]);
        }

        return keys;
    }

    /// <summary>
    /// Adds new pairs to the write set, and with them the move of sessions and identities from the phone address to the LID one.
    /// A session that exists under the LID stays: what arrives by LID was decrypted with it. Sender keys move when they are next used.
    /// The caller holds <see cref="LocksForAsync"/>, and tells <see cref="AddressLearned"/>.
    /// Source: Baileys Signal/libsignal.ts, migrateSession; whatsmeow store/sqlstore, MigratePNToLID.
    /// </summary>
    public async ValueTask LearnAsync(IReadOnlyList<AddressMapping> fresh, DeviceWriteSet writes, CancellationToken ct)
    {
        var reader = new RatchetReader(store, writes);
        foreach (var pair in fresh)
        {
            writes.AddressMappings.Add(pair);
            foreach (var (fromJid, toJid) in await MovesAsync(pair, reader, ct).ConfigureAwait(false))
            {
                var (from, to) = (fromJid.ToSignalAddress(), toJid.ToSignalAddress());
                if (await reader.SessionBytesAsync(from, ct).ConfigureAwait(false) is not { } session)
                    continue;
                writes.Sessions[from] = null;
                if (await reader.SessionBytesAsync(to, ct).ConfigureAwait(false) is not null)
                    continue;
                writes.Sessions[to] = session;
                if (await reader.IdentityAsync(from, ct).ConfigureAwait(false) is { } identity)
                    (writes.Identities[from], writes.Identities[to]) = (null, identity);
            }
        }
    }

    private static async ValueTask<IReadOnlyList<(Jid From, Jid To)>> MovesAsync(AddressMapping pair, RatchetReader reader, CancellationToken ct)
    {
        var moves = new List<(Jid, Jid)>();
        foreach (var address in await reader.FindSessionsAsync(pair.Phone.SignalName, ct).ConfigureAwait(false))
            moves.Add((pair.Phone.WithDevice((ushort)address.Device), pair.Lid.WithDevice((ushort)address.Device)));

        // The hosted device has a Signal name of its own.
        var hosted = new Jid(pair.Phone.User, JidServers.Hosted, HostedDevice);
        if ((await reader.FindSessionsAsync(hosted.SignalName, ct).ConfigureAwait(false)).Count > 0)
            moves.Add((hosted, new Jid(pair.Lid.User, JidServers.HostedLid, HostedDevice)));
        return moves;
    }
}
