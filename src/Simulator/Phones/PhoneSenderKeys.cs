using Evolution.Protocol.Signal;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.Phones;

/// <summary>
/// A phone's sender keys, its own and those it was given, and who has its own. Every step goes into the caller's writes; the caller holds
/// the cipher's gate.
/// </summary>
internal sealed class PhoneSenderKeys(SimulatedWorld world, Device own)
{
    private readonly Dictionary<(string Chat, string Number, ushort Device), SenderKeyRecord> _keys = [];
    private readonly Dictionary<string, HashSet<(string Number, ushort Device)>> _recipients = new(StringComparer.Ordinal);
    private bool _loaded;

    /// <summary>
    /// What the audience must be told before the next message, and those who must be told. Somebody who has the key and is gone may not read on:
    /// then there is a new key, which nobody has.
    /// </summary>
    public (byte[] Distribution, IReadOnlyList<Device> Lacking) Prepare(Writes writes, string chat, IReadOnlyList<Device> audience)
    {
        Load();
        var current = audience.Select(device => (device.Account.Number, device.Number)).ToHashSet();
        if (!_recipients.TryGetValue(chat, out var recipients))
            _recipients.Add(chat, recipients = []);
        if (Own(chat) is null || !recipients.IsSubsetOf(current))
        {
            recipients.Clear();
            writes.Add("DELETE FROM sender_key_recipients WHERE pn = ?1 AND chat = ?2", own.Account.Number, chat);
            Save(writes, chat, own, GroupCipher.Create().Record);
        }

        var lacking = audience.Where(device => recipients.Add((device.Account.Number, device.Number))).ToList();
        foreach (var device in lacking)
        {
            writes.Add("INSERT OR IGNORE INTO sender_key_recipients VALUES(?1, ?2, ?3, ?4)",
                own.Account.Number, chat, device.Account.Number, (long)device.Number);
        }

        return (GroupCipher.DistributionOf(Own(chat)!), lacking);
    }

    /// <summary>The own key as it stands now, for somebody who asks for a message again; null when there is none.</summary>
    public byte[]? Distribution(string chat)
    {
        Load();
        return Own(chat) is { } key ? GroupCipher.DistributionOf(key) : null;
    }

    public byte[] Encrypt(Writes writes, string chat, ReadOnlySpan<byte> padded)
    {
        Load();
        var (next, message) = GroupCipher.Encrypt(Own(chat), padded);
        Save(writes, chat, own, next);
        return message;
    }

    /// <summary>Decrypts a skmsg. Throws <see cref="SignalException"/>; the key is then as before.</summary>
    public byte[] Decrypt(Writes writes, string chat, Device sender, ReadOnlySpan<byte> message)
    {
        Load();
        var (next, plaintext) = GroupCipher.Decrypt(_keys.GetValueOrDefault((chat, sender.Account.Number, sender.Number)), message);
        Save(writes, chat, sender, next);
        return plaintext;
    }

    /// <summary>Takes a key that somebody gave. Throws <see cref="SignalException"/>.</summary>
    public void Receive(Writes writes, string chat, Device sender, ReadOnlySpan<byte> distribution)
    {
        Load();
        Save(writes, chat, sender, GroupCipher.Process(_keys.GetValueOrDefault((chat, sender.Account.Number, sender.Number)), distribution));
    }

    /// <summary>Forgets the key that a device gave, so that its next message cannot be read until it gives it again.</summary>
    public void Forget(Writes writes, string chat, Device sender)
    {
        Load();
        _keys.Remove((chat, sender.Account.Number, sender.Number));
        writes.Add("DELETE FROM sender_keys WHERE pn = ?1 AND chat = ?2 AND peer_pn = ?3 AND peer_device = ?4",
            own.Account.Number, chat, sender.Account.Number, (long)sender.Number);
    }

    /// <summary>Forgets every key.</summary>
    public void DeleteAll(Writes writes)
    {
        _keys.Clear();
        _recipients.Clear();
        writes.Add("DELETE FROM sender_keys WHERE pn = ?1", own.Account.Number);
        writes.Add("DELETE FROM sender_key_recipients WHERE pn = ?1", own.Account.Number);
    }

    /// <summary>Drops what is cached after a failed commit: memory must not run ahead of the file.</summary>
    public void Evict()
    {
        _keys.Clear();
        _recipients.Clear();
        _loaded = false;
    }

    private SenderKeyRecord? Own(string chat) => _keys.GetValueOrDefault((chat, own.Account.Number, own.Number));

    private void Load()
    {
        if (_loaded)
            return;
        world.Store.Query("SELECT chat, peer_pn, peer_device, record FROM sender_keys WHERE pn = ?1", row =>
            _keys[(row.GetString(0), row.GetString(1), (ushort)row.GetInt64(2))] = SenderKeyRecord.Parse(row.Bytes(3)), own.Account.Number);
        foreach (var (chat, number, device) in world.Store.Query("SELECT chat, peer_pn, peer_device FROM sender_key_recipients WHERE pn = ?1",
            row => (row.GetString(0), row.GetString(1), (ushort)row.GetInt64(2)), own.Account.Number))
        {
            if (!_recipients.TryGetValue(chat, out var recipients))
                _recipients.Add(chat, recipients = []);
            recipients.Add((number, device));
        }

        _loaded = true;
    }

    private void Save(Writes writes, string chat, Device sender, SenderKeyRecord record)
    {
        _keys[(chat, sender.Account.Number, sender.Number)] = record;
        writes.Add("INSERT OR REPLACE INTO sender_keys VALUES(?1, ?2, ?3, ?4, ?5)",
            own.Account.Number, chat, sender.Account.Number, (long)sender.Number, record.ToBytes());
    }
}
