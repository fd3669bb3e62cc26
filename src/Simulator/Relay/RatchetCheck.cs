using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Evolution.Proto.Signal;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.Relay;

/// <summary>
/// Sees to it that nobody encrypts two messages with one message key: a pair of devices never shows the same ratchet key and counter with
/// two different ciphertexts. Remembers the newest 64 ratchet keys of each pair, over restarts.
/// </summary>
internal sealed class RatchetCheck(SimulatedWorld world)
{
    private const int KeptKeys = 64;
    private const int MacLength = 8;

    private readonly record struct Pair(string From, ushort FromDevice, string To, ushort ToDevice);

    private sealed class History
    {
        public readonly Lock Gate = new();
        public readonly Dictionary<string, Dictionary<uint, long>> Keys = new(StringComparer.Ordinal);
        public readonly Queue<string> Order = new();
    }

    private readonly ConcurrentDictionary<Pair, History> _pairs = new();

    /// <summary>Notes the message key of <paramref name="enc"/>; reports bytes that are no Signal message, and a key that was used before.</summary>
    public void Observe(Writes writes, Device sender, Device target, Node enc, string? stanzaId)
    {
        SignalMessage message;
        try
        {
            message = Read(enc);
        }
        catch (Exception e) when (e is Google.Protobuf.InvalidProtocolBufferException or ArgumentOutOfRangeException)
        {
            world.Violations.Report("bad-ciphertext", "An enc does not hold a Signal message: " + e.Message, sender.PhoneJid, stanzaId);
            return;
        }

        var ratchet = message.EphemeralKey.ToByteArray();
        var key = Convert.ToBase64String(ratchet);
        var digest = BinaryPrimitives.ReadInt64BigEndian(SHA256.HashData(enc.Bytes.Span));
        var pair = new Pair(sender.Account.Number, sender.Number, target.Account.Number, target.Number);
        var history = _pairs.GetOrAdd(pair, Load);
        lock (history.Gate)
        {
            if (!history.Keys.TryGetValue(key, out var counters))
            {
                history.Keys.Add(key, counters = []);
                history.Order.Enqueue(key);
                if (history.Order.Count > KeptKeys)
                    Forget(writes, pair, history);
            }

            if (counters.TryGetValue(message.Counter, out var earlier))
            {
                if (earlier != digest)
                {
                    world.Violations.Report("ratchet-key-reused",
                        $"Counter {message.Counter} of one ratchet key encrypted two different messages to {target.PhoneJid}.", sender.PhoneJid, stanzaId);
                }

                return;
            }

            counters.Add(message.Counter, digest);
        }

        writes.Add("INSERT OR IGNORE INTO ratchets VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            pair.From, (long)pair.FromDevice, pair.To, (long)pair.ToDevice, ratchet, (long)message.Counter, digest);
    }

    /// <summary>Forgets everything; the rows are the caller's to delete.</summary>
    public void Clear() => _pairs.Clear();

    private static SignalMessage Read(Node enc)
    {
        var bytes = enc.Bytes.Span;
        if (enc["type"] == "pkmsg")
            bytes = PreKeySignalMessage.Parser.ParseFrom(bytes[1..]).Message.Span.ToArray();
        return SignalMessage.Parser.ParseFrom(bytes[1..^MacLength]);
    }

    private History Load(Pair pair)
    {
        var history = new History();
        world.Store.Query(
            "SELECT ratchet, counter, digest FROM ratchets WHERE pn = ?1 AND number = ?2 AND peer_pn = ?3 AND peer_number = ?4",
            row =>
            {
                var key = Convert.ToBase64String(row.Bytes(0));
                if (!history.Keys.TryGetValue(key, out var counters))
                {
                    history.Keys.Add(key, counters = []);
                    history.Order.Enqueue(key);
                }

                counters[(uint)row.GetInt64(1)] = row.GetInt64(2);
                return 0;
            }, pair.From, (long)pair.FromDevice, pair.To, (long)pair.ToDevice);
        return history;
    }

    private static void Forget(Writes writes, Pair pair, History history)
    {
        var oldest = history.Order.Dequeue();
        history.Keys.Remove(oldest);
        writes.Add("DELETE FROM ratchets WHERE pn = ?1 AND number = ?2 AND peer_pn = ?3 AND peer_number = ?4 AND ratchet = ?5",
            pair.From, (long)pair.FromDevice, pair.To, (long)pair.ToDevice, Convert.FromBase64String(oldest));
    }
}
