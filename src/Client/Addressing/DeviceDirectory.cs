using Evolution.Client.Connection;
using Evolution.Client.Messages;
using Evolution.Client.Stores;
using Evolution.Protocol.Jids;

namespace Evolution.Client.Addressing;

/// <summary>Which devices users have. Lists are kept by notifications, asked for when unknown, and again after 24 hours.</summary>
internal sealed class DeviceDirectory(MessagingContext context) : IDisposable
{
    private const int MaxPerRequest = 100;
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(24);

    // Two sends to one new contact must not ask twice.
    private readonly SemaphoreSlim asking = new(1, 1);

    /// <summary>The devices of the users, each in the form its user was given in.</summary>
    /// <exception cref="ConnectionLostException">A list had to be asked for and there is no connection.</exception>
    /// <exception cref="IqException">The server refused to tell.</exception>
    public async ValueTask<IReadOnlyList<Jid>> DevicesOfAsync(IReadOnlyCollection<Jid> users, CancellationToken ct)
    {
        var distinct = users.Select(user => user.ToUser()).Distinct().ToArray();
        var lists = await KnownAsync(distinct, ct).ConfigureAwait(false);
        if (distinct.Any(user => !lists.ContainsKey(user)))
        {
            await asking.WaitAsync(ct).ConfigureAwait(false);
            try
            {
                lists = await KnownAsync(distinct, ct).ConfigureAwait(false);
                foreach (var part in distinct.Where(user => !lists.ContainsKey(user)).Chunk(MaxPerRequest))
                    await AskAsync(part, ct).ConfigureAwait(false);
            }
            finally
            {
                asking.Release();
            }

            lists = await KnownAsync(distinct, ct).ConfigureAwait(false);
        }

        return [.. distinct.Where(lists.ContainsKey).SelectMany(user => lists[user].Devices.Select(device => DeviceJid(user, device)))];
    }

    /// <summary>Forgets what is known of users, so that the next send asks again.</summary>
    public async ValueTask ForgetAsync(IEnumerable<Jid> users, DeviceWriteSet writes, CancellationToken ct)
    {
        foreach (var user in users)
            writes.DeviceLists[(await context.Addresses.CanonicalAsync(user, writes, ct).ConfigureAwait(false)).ToUser()] = null;
    }

    public void Dispose() => asking.Dispose();

    internal static Jid DeviceJid(Jid user, DeviceListEntry device)
    {
        var server = device.IsHosted ? user.IsLid ? JidServers.HostedLid : JidServers.Hosted : user.Server;
        return new Jid(user.User, server, device.Id);
    }

    // Lists are kept by canonical user: whoever is asked by phone and by LID has the same devices.
    private async ValueTask<Dictionary<Jid, DeviceList>> KnownAsync(Jid[] users, CancellationToken ct)
    {
        var canonical = new Dictionary<Jid, Jid>();
        foreach (var user in users)
            canonical[user] = await context.Addresses.CanonicalAsync(user, null, ct).ConfigureAwait(false);
        var lists = await context.Store.LoadDeviceListsAsync([.. canonical.Values], ct).ConfigureAwait(false);
        var oldest = context.Time.GetUtcNow() - MaxAge;
        return canonical
            .Where(pair => lists.TryGetValue(pair.Value, out var list) && list.FetchedAt >= oldest)
            .ToDictionary(pair => pair.Key, pair => lists[pair.Value]);
    }

    private async ValueTask AskAsync(Jid[] users, CancellationToken ct)
    {
        var request = new UserDevicesRequest(users, context.Channel.NextId(), context.Time.GetUtcNow());
        var answers = await context.Channel.RequestAsync(request, ct).ConfigureAwait(false);
        await context.LearnNowAsync(answers.Select(answer => AddressBook.Pair(answer.User, answer.Lid)).OfType<AddressMapping>(), ct).ConfigureAwait(false);

        var writes = new DeviceWriteSet();
        foreach (var answer in answers)
        {
            if (answer.Devices is not { } list)
                continue;
            var canonical = await context.Addresses.CanonicalAsync(answer.User, null, ct).ConfigureAwait(false);
            writes.DeviceLists[canonical] = list with { User = canonical };
        }

        if (!writes.IsEmpty)
            await context.CommitAsync(writes).ConfigureAwait(false);
    }
}
