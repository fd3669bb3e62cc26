using Evolution.Protocol.Jids;
using Evolution.Protocol.Signal;

namespace Evolution.Client.Stores;

/// <summary>
/// All that one stanza (or several of one chat, merged) changes: plain data, written whole by <see cref="IDeviceStore.CommitAsync"/>.
/// The order of the parts does not matter, except that <see cref="Reset"/> comes first and <see cref="Attached"/> keeps its order.
/// In the dictionaries null deletes. Not safe for concurrent use.
/// </summary>
public sealed class DeviceWriteSet
{
    private readonly List<Action> whenCommitted = [];

    /// <summary>Replaces the credentials as a whole. Only the client's own bookkeeping sets it, so that no two writers overwrite each other.</summary>
    public DeviceCredentials? Credentials { get; set; }

    /// <summary>Removes the device's state before the rest of the set is written.</summary>
    public DeviceReset? Reset { get; set; }

    /// <summary>Serialised sessions.</summary>
    public Dictionary<SignalAddress, byte[]?> Sessions { get; } = [];

    /// <summary>Trusted identity keys, 32 bytes each.</summary>
    public Dictionary<SignalAddress, byte[]?> Identities { get; } = [];

    /// <summary>New one-time pre-keys. An id that was ever written is never given to another key.</summary>
    public List<StoredPreKey> AddedPreKeys { get; } = [];

    /// <summary>Ids whose upload the server confirmed.</summary>
    public HashSet<uint> PublishedPreKeys { get; } = [];

    /// <summary>Ids of used one-time pre-keys.</summary>
    public HashSet<uint> RemovedPreKeys { get; } = [];

    /// <summary>Raises the next pre-key id; a lower value than the stored one changes nothing.</summary>
    public uint? NextPreKeyId { get; set; }

    /// <summary>Signed pre-keys to keep beside the current one of the credentials.</summary>
    public List<SignedPreKey> SignedPreKeys { get; } = [];

    /// <summary>Serialised sender keys, our own and those of others.</summary>
    public Dictionary<SenderKeyName, byte[]?> SenderKeys { get; } = [];

    /// <summary>Groups whose own sender key is a new one: whoever was given the former has nothing.</summary>
    public HashSet<Jid> RenewedSenderKeys { get; } = [];

    /// <summary>Devices that may have lost what they were given, in every group: they are given our sender keys again.</summary>
    public HashSet<Jid> LostSenderKeys { get; } = [];

    /// <summary>Devices that are given our current sender key of a group, in addition to the earlier ones.</summary>
    public Dictionary<Jid, IReadOnlySet<Jid>> SenderKeyRecipients { get; } = [];

    /// <summary>Learned LID↔phone pairs.</summary>
    public List<AddressMapping> AddressMappings { get; } = [];

    /// <summary>Device lists by user.</summary>
    public Dictionary<Jid, DeviceList?> DeviceLists { get; } = [];

    /// <summary>Trusted-contact tokens by user.</summary>
    public Dictionary<Jid, TrustedContactToken?> TrustedContactTokens { get; } = [];

    /// <summary>App-state keys the phone shared.</summary>
    public List<AppStateKey> AppStateKeys { get; } = [];

    /// <summary>Messages of ours, kept for retries; the same chat and id replaces.</summary>
    public List<SentMessage> SentMessages { get; } = [];

    /// <summary>Messages of ours that the server acked or refused. Unknown ones are ignored.</summary>
    public HashSet<SentMessageKey> AcknowledgedMessages { get; } = [];

    /// <summary>Retry counters.</summary>
    public Dictionary<RetryKey, RetryState?> Retries { get; } = [];

    /// <summary>The application's rows, in the order they were added.</summary>
    public List<IAttachedWrite> Attached { get; } = [];

    /// <summary>The application's rows of the stanzas before this one that will be committed together with it: they are not in the store yet.</summary>
    public IEnumerable<IAttachedWrite> EarlierAttached() => Earlier is null ? [] : Earlier.EarlierAttached().Concat(Earlier.Attached);

    /// <summary>Has something called once the set is stored; not when it can't be. It must neither throw nor wait: the lane goes on after it.</summary>
    public void WhenCommitted(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        whenCommitted.Add(action);
    }

    /// <summary>What stanzas before this one changed in the same, not yet committed batch; reads look here before the store.</summary>
    internal DeviceWriteSet? Earlier { get; init; }

    /// <summary>Whether there is nothing to write and nobody to be told of it.</summary>
    public bool IsEmpty =>
        Credentials is null && Reset is null && NextPreKeyId is null
        && Sessions.Count == 0 && Identities.Count == 0 && AddedPreKeys.Count == 0 && PublishedPreKeys.Count == 0 && RemovedPreKeys.Count == 0
        && SignedPreKeys.Count == 0 && SenderKeys.Count == 0 && RenewedSenderKeys.Count == 0 && LostSenderKeys.Count == 0 && SenderKeyRecipients.Count == 0
        && AddressMappings.Count == 0
        && DeviceLists.Count == 0 && TrustedContactTokens.Count == 0 && AppStateKeys.Count == 0 && SentMessages.Count == 0
        && AcknowledgedMessages.Count == 0 && Retries.Count == 0 && Attached.Count == 0
        && whenCommitted.Count == 0;

    /// <summary>Adds a later set to this one; where both speak of the same thing, the later wins.</summary>
    /// <exception cref="InvalidOperationException">The later set resets the device: that must be committed alone.</exception>
    internal void Merge(DeviceWriteSet later)
    {
        if (later.Reset is not null)
            throw new InvalidOperationException("A write set that resets the device can't be merged into another.");

        Credentials = later.Credentials ?? Credentials;
        if (later.NextPreKeyId is { } next && next > (NextPreKeyId ?? 0))
            NextPreKeyId = next;
        Overwrite(Sessions, later.Sessions);
        Overwrite(Identities, later.Identities);
        AddedPreKeys.AddRange(later.AddedPreKeys);
        PublishedPreKeys.UnionWith(later.PublishedPreKeys);
        RemovedPreKeys.UnionWith(later.RemovedPreKeys);
        SignedPreKeys.AddRange(later.SignedPreKeys);
        Overwrite(SenderKeys, later.SenderKeys);
        MergeRecipients(later);
        AddressMappings.AddRange(later.AddressMappings);
        Overwrite(DeviceLists, later.DeviceLists);
        Overwrite(TrustedContactTokens, later.TrustedContactTokens);
        AppStateKeys.AddRange(later.AppStateKeys);
        SentMessages.AddRange(later.SentMessages);
        AcknowledgedMessages.UnionWith(later.AcknowledgedMessages);
        Overwrite(Retries, later.Retries);
        Attached.AddRange(later.Attached);
        whenCommitted.AddRange(later.whenCommitted);
    }

    /// <summary>The set is stored: tells those who wanted to know.</summary>
    internal void TellCommitted()
    {
        foreach (var action in whenCommitted)
            action();
    }

    /// <summary>Empties the set after its commit, so that what it held no longer hides what is stored.</summary>
    internal void Clear()
    {
        Credentials = null;
        Reset = null;
        NextPreKeyId = null;
        Sessions.Clear();
        Identities.Clear();
        AddedPreKeys.Clear();
        PublishedPreKeys.Clear();
        RemovedPreKeys.Clear();
        SignedPreKeys.Clear();
        SenderKeys.Clear();
        RenewedSenderKeys.Clear();
        LostSenderKeys.Clear();
        SenderKeyRecipients.Clear();
        AddressMappings.Clear();
        DeviceLists.Clear();
        TrustedContactTokens.Clear();
        AppStateKeys.Clear();
        SentMessages.Clear();
        AcknowledgedMessages.Clear();
        Retries.Clear();
        Attached.Clear();
        whenCommitted.Clear();
    }

    private void MergeRecipients(DeviceWriteSet later)
    {
        foreach (var group in later.RenewedSenderKeys)
            SenderKeyRecipients.Remove(group);
        foreach (var (group, devices) in SenderKeyRecipients.ToArray())
            SenderKeyRecipients[group] = devices.Except(later.LostSenderKeys).ToHashSet();
        foreach (var (group, devices) in later.SenderKeyRecipients)
            SenderKeyRecipients[group] = SenderKeyRecipients.TryGetValue(group, out var earlier) ? devices.Union(earlier).ToHashSet() : devices;
        RenewedSenderKeys.UnionWith(later.RenewedSenderKeys);
        LostSenderKeys.UnionWith(later.LostSenderKeys);
    }

    private static void Overwrite<TKey, TValue>(Dictionary<TKey, TValue> target, Dictionary<TKey, TValue> later)
        where TKey : notnull
    {
        foreach (var (key, value) in later)
            target[key] = value;
    }
}
