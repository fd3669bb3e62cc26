using Evolution.Protocol.Jids;
using Evolution.Protocol.Signal;

namespace Evolution.Client.Stores;

/// <summary>The contents of an <see cref="InMemoryDeviceStore"/>, and what a write set does to them. The caller holds the lock.</summary>
internal sealed class DeviceTables
{
    public DeviceCredentials? Credentials { get; private set; }
    public List<DeviceCredentials> Archived { get; } = [];
    public Dictionary<SignalAddress, byte[]> Sessions { get; } = [];
    public Dictionary<SignalAddress, byte[]> Identities { get; } = [];
    public Dictionary<uint, StoredPreKey> PreKeys { get; } = [];
    public uint NextPreKeyId { get; private set; } = 1;
    public Dictionary<uint, SignedPreKey> SignedPreKeys { get; } = [];
    public Dictionary<SenderKeyName, byte[]> SenderKeys { get; } = [];
    public Dictionary<Jid, Dictionary<Jid, bool>> SenderKeyRecipients { get; } = [];
    public Dictionary<Jid, Jid> LidOfPhone { get; } = [];
    public Dictionary<Jid, Jid> PhoneOfLid { get; } = [];
    public Dictionary<Jid, DeviceList> DeviceLists { get; } = [];
    public Dictionary<Jid, TrustedContactToken> TrustedContactTokens { get; } = [];
    public Dictionary<string, AppStateKey> AppStateKeys { get; } = [];
    public Dictionary<SentMessageKey, SentMessage> SentMessages { get; } = [];
    public Dictionary<RetryKey, RetryState> Retries { get; } = [];

    public void Apply(DeviceWriteSet writes)
    {
        if (writes.Reset is { } reset)
            Clear(reset);
        Credentials = writes.Credentials ?? Credentials;
        Put(Sessions, writes.Sessions);
        Put(Identities, writes.Identities);
        ApplyPreKeys(writes);
        Put(SenderKeys, writes.SenderKeys);
        ApplyRecipients(writes);
        foreach (var mapping in writes.AddressMappings)
            Map(mapping);
        Put(DeviceLists, writes.DeviceLists);
        Put(TrustedContactTokens, writes.TrustedContactTokens);
        foreach (var key in writes.AppStateKeys)
            AppStateKeys[Convert.ToHexString(key.Id)] = key;
        foreach (var message in writes.SentMessages)
            SentMessages[new SentMessageKey(message.Chat, message.Id)] = message;
        foreach (var key in writes.AcknowledgedMessages)
        {
            if (SentMessages.TryGetValue(key, out var message))
                SentMessages[key] = message with { Acknowledged = true };
        }

        Put(Retries, writes.Retries);
    }

    private void ApplyRecipients(DeviceWriteSet writes)
    {
        foreach (var group in writes.RenewedSenderKeys)
            SenderKeyRecipients.Remove(group);
        foreach (var recipients in SenderKeyRecipients.Values)
        {
            foreach (var device in writes.LostSenderKeys.Where(recipients.ContainsKey))
                recipients[device] = false;
        }

        foreach (var (group, devices) in writes.SenderKeyRecipients)
        {
            if (!SenderKeyRecipients.TryGetValue(group, out var recipients))
                SenderKeyRecipients.Add(group, recipients = []);
            foreach (var device in devices)
                recipients[device] = true;
        }
    }

    private void ApplyPreKeys(DeviceWriteSet writes)
    {
        foreach (var key in writes.AddedPreKeys)
            PreKeys[key.Key.Id] = key;
        foreach (var id in writes.PublishedPreKeys)
        {
            if (PreKeys.TryGetValue(id, out var key))
                PreKeys[id] = key with { Published = true };
        }

        foreach (var id in writes.RemovedPreKeys)
            PreKeys.Remove(id);
        NextPreKeyId = Math.Max(NextPreKeyId, writes.NextPreKeyId ?? 0);
        foreach (var key in writes.SignedPreKeys)
            SignedPreKeys[key.Id] = key;
    }

    private void Map(AddressMapping mapping)
    {
        if (LidOfPhone.Remove(mapping.Phone, out var oldLid))
            PhoneOfLid.Remove(oldLid);
        if (PhoneOfLid.Remove(mapping.Lid, out var oldPhone))
            LidOfPhone.Remove(oldPhone);
        LidOfPhone[mapping.Phone] = mapping.Lid;
        PhoneOfLid[mapping.Lid] = mapping.Phone;
    }

    private void Clear(DeviceReset reset)
    {
        if (reset == DeviceReset.Archive && Credentials is not null)
            Archived.Add(Credentials);
        Credentials = null;
        Sessions.Clear();
        Identities.Clear();
        PreKeys.Clear();
        NextPreKeyId = 1;
        SignedPreKeys.Clear();
        SenderKeys.Clear();
        SenderKeyRecipients.Clear();
        LidOfPhone.Clear();
        PhoneOfLid.Clear();
        DeviceLists.Clear();
        TrustedContactTokens.Clear();
        AppStateKeys.Clear();
        SentMessages.Clear();
        Retries.Clear();
    }

    private static void Put<TKey, TValue>(Dictionary<TKey, TValue> table, Dictionary<TKey, TValue?> changes)
        where TKey : notnull
        where TValue : class
    {
        foreach (var (key, value) in changes)
        {
            if (value is null)
                table.Remove(key);
            else
                table[key] = value;
        }
    }
}
