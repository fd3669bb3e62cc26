using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Evolution.Proto.Signal;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.Relay;

/// <summary>
/// Watches the sender keys of groups and statuses: no iteration of one key encrypts two messages, and who gets a message was given its key.
/// Remembers the newest 4 keys of each device and chat, over restarts.
/// </summary>
internal sealed class SenderKeyCheck(SimulatedWorld world)
{
    private const int KeptKeys = 4;

    private readonly record struct Owner(string Chat, string Number, ushort Device);

    private sealed class Key(uint id)
    {
        public readonly uint Id = id;
        public readonly Dictionary<uint, long> Uses = [];
        public readonly HashSet<(string Number, ushort Device)> Holders = [];
    }

    private sealed class History
    {
        public readonly Lock Gate = new();
        public readonly List<Key> Keys = [];
    }

    private readonly ConcurrentDictionary<Owner, History> _histories = new();

    /// <summary>Forgets everything; the rows are the caller's to delete.</summary>
    public void Clear() => _histories.Clear();

    /// <summary>Notes a message's key and who gets it along with the message; returns the devices of the audience that do not have it.</summary>
    public IReadOnlyList<Device> Observe(
        Writes writes, Device sender, Jid chat, Node enc, string? stanzaId, IEnumerable<Device> given, IEnumerable<Device> audience)
    {
        SenderKeyMessage message;
        try
        {
            message = SenderKeyMessage.Parser.ParseFrom(enc.Bytes.Span[1..^Curve25519.SignatureSize]);
        }
        catch (Exception e) when (e is Google.Protobuf.InvalidProtocolBufferException or ArgumentOutOfRangeException)
        {
            world.Violations.Report("bad-ciphertext", "An skmsg does not hold a sender key message: " + e.Message, sender.PhoneJid, stanzaId);
            return [];
        }

        var owner = new Owner(chat.ToString(), sender.Account.Number, sender.Number);
        var history = _histories.GetOrAdd(owner, Load);
        lock (history.Gate)
        {
            var key = Find(writes, owner, history, message.Id);
            Use(writes, owner, key, message.Iteration, BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(enc.Bytes.Span)), sender, stanzaId);
            foreach (var device in given)
                Give(writes, owner, key, device);
            return [.. audience.Where(device => !key.Holders.Contains((device.Account.Number, device.Number)))];
        }
    }

    /// <summary>A device got a message encrypted for it alone, and with it the sender's newest key.</summary>
    public void Given(Writes writes, Device sender, Jid chat, Device device)
    {
        var owner = new Owner(chat.ToString(), sender.Account.Number, sender.Number);
        var history = _histories.GetOrAdd(owner, Load);
        lock (history.Gate)
        {
            if (history.Keys.Count > 0)
                Give(writes, owner, history.Keys[^1], device);
        }
    }

    private void Use(Writes writes, Owner owner, Key key, uint iteration, long digest, Device sender, string? stanzaId)
    {
        if (key.Uses.TryGetValue(iteration, out var earlier))
        {
            if (earlier != digest)
            {
                world.Violations.Report("sender-key-reused",
                    $"Iteration {iteration} of one sender key encrypted two different messages in {owner.Chat}.", sender.PhoneJid, stanzaId);
            }

            return;
        }

        key.Uses.Add(iteration, digest);
        writes.Add("INSERT OR IGNORE INTO sender_key_uses VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
            owner.Chat, owner.Number, (long)owner.Device, (long)key.Id, (long)iteration, digest);
    }

    private static void Give(Writes writes, Owner owner, Key key, Device device)
    {
        if (!key.Holders.Add((device.Account.Number, device.Number)))
            return;
        writes.Add("INSERT OR IGNORE INTO sender_key_holders VALUES(?1, ?2, ?3, ?4, ?5, ?6)",
            owner.Chat, owner.Number, (long)owner.Device, (long)key.Id, device.Account.Number, (long)device.Number);
    }

    private static Key Find(Writes writes, Owner owner, History history, uint id)
    {
        if (history.Keys.Find(key => key.Id == id) is { } known)
            return known;
        var key = new Key(id);
        history.Keys.Add(key);
        if (history.Keys.Count > KeptKeys)
        {
            foreach (var table in (string[])["sender_key_uses", "sender_key_holders"])
            {
                writes.Add($"DELETE FROM {table} WHERE chat = ?1 AND pn = ?2 AND number = ?3 AND key_id = ?4",
                    owner.Chat, owner.Number, (long)owner.Device, (long)history.Keys[0].Id);
            }

            history.Keys.RemoveAt(0);
        }

        return key;
    }

    private History Load(Owner owner)
    {
        var history = new History();
        Key Loaded(uint id)
        {
            if (history.Keys.Find(key => key.Id == id) is { } known)
                return known;
            history.Keys.Add(new Key(id));
            return history.Keys[^1];
        }

        world.Store.Query("SELECT key_id, iteration, digest FROM sender_key_uses WHERE chat = ?1 AND pn = ?2 AND number = ?3 ORDER BY rowid",
            row => Loaded((uint)row.GetInt64(0)).Uses[(uint)row.GetInt64(1)] = row.GetInt64(2), owner.Chat, owner.Number, (long)owner.Device);
        world.Store.Query("SELECT key_id, peer_pn, peer_number FROM sender_key_holders WHERE chat = ?1 AND pn = ?2 AND number = ?3",
            row => Loaded((uint)row.GetInt64(0)).Holders.Add((row.GetString(1), (ushort)row.GetInt64(2))), owner.Chat, owner.Number, (long)owner.Device);
        return history;
    }
}
