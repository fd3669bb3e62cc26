using Evolution.Protocol.Nodes;

namespace Evolution.Simulator.Relay;

/// <summary>
/// What one connection was sent that wants an answer, and what the client answered. Each delivery is answered once: a message by a receipt or an
/// ack, anything else by an ack. Source: Baileys src/Socket/messages-recv.ts, src/Utils/stanza-ack.ts; whatsmeow receipt.go.
/// </summary>
internal sealed class AckLedger
{
    /// <summary>How many answers are remembered to see that they are given once.</summary>
    private const int Kept = 512;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Queue<DateTimeOffset>> _open = new(StringComparer.Ordinal);
    private readonly HashSet<string> _answered = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>Whether a receipt of this type tells that a message came, and not what became of it later.</summary>
    public static bool Answers(string? receiptType) => receiptType is null or "inactive" or "sender" or "peer_msg";

    /// <summary>A stanza has left; what wants no answer is passed over.</summary>
    public void Sent(Node stanza, DateTimeOffset at)
    {
        if (stanza.Tag is not ("message" or "receipt" or "notification" or "call"))
            return;
        var key = Key(stanza.Tag, stanza["id"], stanza["from"], stanza["participant"], stanza["type"]);
        lock (_gate)
        {
            if (!_open.TryGetValue(key, out var deliveries))
                _open.Add(key, deliveries = []);
            deliveries.Enqueue(at);
        }
    }

    /// <summary>The client acknowledged or refused a stanza, or confirmed messages.</summary>
    /// <returns>Ids of what had been answered as often as it was delivered.</returns>
    public IReadOnlyList<string> Received(Node answer)
    {
        if (answer.Tag == "ack")
        {
            var key = Key(answer["class"], answer["id"], answer["to"], answer["participant"], answer["type"]);
            return Settle(key) ? [] : [answer["id"]!];
        }

        if (answer.Tag != "receipt" || !Answers(answer["type"]))
            return [];
        return [.. ReceiptRelay.Ids(answer).Where(id => !Settle(Key("message", id, null, null, null)))];
    }

    /// <summary>What left before a moment and is not answered.</summary>
    public IReadOnlyList<string> OpenSince(DateTimeOffset moment)
    {
        lock (_gate)
            return [.. _open.Where(entry => entry.Value.Peek() < moment).Select(entry => entry.Key)];
    }

    // False when it had been answered. What this connection never sent is no business of ours: it may have left on an earlier one.
    private bool Settle(string key)
    {
        lock (_gate)
        {
            if (_open.TryGetValue(key, out var deliveries))
            {
                deliveries.Dequeue();
                if (deliveries.Count == 0)
                    _open.Remove(key);
                if (_answered.Add(key))
                    _order.Enqueue(key);
                if (_order.Count > Kept)
                    _answered.Remove(_order.Dequeue());
                return true;
            }

            return !_answered.Contains(key);
        }
    }

    // A message's id says enough, and its receipt goes to another address than it came from. Only receipts share an id and an address and
    // differ in their type; whatsapp-rust acks some notifications without one, as WhatsApp Web does.
    private static string Key(string? tag, string? id, string? from, string? participant, string? type) => tag switch
    {
        "message" => $"message {id}",
        "receipt" => $"receipt {id} {from} {participant} {type}",
        _ => $"{tag} {id} {from} {participant}",
    };
}
