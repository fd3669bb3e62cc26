namespace Evolution.Client.Dispatch;

/// <summary>
/// The ratchet locks of the stanzas that share one write set. It never waits while it holds some: when a further stanza needs a lock that
/// is taken, what came before is committed and released first.
/// </summary>
/// <param name="locks">The device's locks.</param>
/// <param name="commitEarlier">Commits the stanzas before the current one; <see cref="Release"/> is called after it.</param>
internal sealed class RatchetScope(RatchetLocks locks, Func<CancellationToken, ValueTask> commitEarlier)
{
    private readonly HashSet<RatchetKey> held = [];
    private readonly List<IDisposable> holdings = [];

    public async ValueTask LockAsync(IEnumerable<RatchetKey> keys, CancellationToken ct)
    {
        var wanted = keys.ToArray();
        var missing = wanted.Where(key => !held.Contains(key)).ToArray();
        if (missing.Length == 0)
            return;

        if (holdings.Count > 0)
        {
            if (locks.TryAcquire(missing) is { } more)
            {
                Keep(missing, more);
                return;
            }

            await commitEarlier(ct).ConfigureAwait(false);
            Release();
        }

        Keep(wanted, await locks.AcquireAsync(wanted, ct).ConfigureAwait(false));
    }

    /// <summary>Commits what came before, and holds no lock afterwards.</summary>
    public async ValueTask FlushAsync(CancellationToken ct)
    {
        await commitEarlier(ct).ConfigureAwait(false);
        Release();
    }

    public void Release()
    {
        foreach (var holding in holdings)
            holding.Dispose();
        holdings.Clear();
        held.Clear();
    }

    private void Keep(IEnumerable<RatchetKey> keys, IDisposable holding)
    {
        held.UnionWith(keys);
        holdings.Add(holding);
    }
}
