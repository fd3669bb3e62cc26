using System.Security.Cryptography;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Signal;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Server;
using Evolution.Simulator.Store;
using Account = Evolution.Simulator.Accounts.Account;

namespace Evolution.Simulator.Phones;

/// <summary>What a phone sends: messages to every device of both sides, peer messages to its companions, receipts, answers to retries.</summary>
internal sealed class PhoneOutbox(SimulatedWorld world, Device own, PhoneCipher cipher, PhoneMessages messages)
{
    private const int MaxResends = 5;

    /// <summary>For how many messages and devices the resends are counted; the oldest is forgotten first.</summary>
    private const int CountedResends = 4096;

    private readonly OrderedDictionary<(string Id, Device Device), int> _resends = [];
    private readonly PhoneGroups _groups = new(world, own, cipher);

    /// <summary>Encrypts, stores and queues; on return all of it is committed.</summary>
    public async Task<string> SendAsync(PhoneChat to, Message content, OutgoingMessage how)
    {
        var id = how.Id ?? MakeId();
        var at = how.At ?? world.Time.GetUtcNow();
        var writes = new Writes();
        Task committed;
        await cipher.Gate.WaitAsync().ConfigureAwait(false);
        try
        {
            var stanza = to.Person is { } person ? Build(writes, person, id, at, content, how) : _groups.Build(writes, to, id, at, content, how);
            messages.Add(writes, id, to.Key, own.Account.Number, 0, at, content);
            if (stanza is not null)
                world.Messages.Relay(writes, own, stanza);
            committed = await world.Store.SubmitAsync(writes).ConfigureAwait(false);
        }
        finally
        {
            cipher.Gate.Release();
        }

        await committed.ConfigureAwait(false);
        return id;
    }

    /// <summary>The stanza for a person; null when neither side has another device.</summary>
    private Node? Build(Writes writes, Account to, string id, DateTimeOffset at, Message content, OutgoingMessage how)
    {
        var lid = how.ByLid ?? own.Account.Settings.AddressByLid;
        var targets = new List<Node>();
        var copy = new Message { DeviceSentMessage = new Message.Types.DeviceSentMessage { DestinationJid = to.Jid(lid).ToString(), Message = content } };
        foreach (var device in own.Account.Devices().Union(to.Devices()).Where(d => d != own))
        {
            var enc = device.Account == own.Account ? cipher.Encrypt(writes, device, copy)
                : how.Plaintext is { } plaintext ? cipher.Encrypt(writes, device, plaintext)
                : cipher.Encrypt(writes, device, content);
            if (how.Count is { } count)
                enc = enc.With("count", count.ToString());
            targets.Add(new Node("to", new NodeAttributes { { "jid", device.Jid(lid) } }, [enc]));
        }

        return targets.Count == 0 ? null : new Node("message", new NodeAttributes
        {
            { "id", id }, { "to", to.Jid(lid) }, { "type", how.Type ?? "text" }, { "t", at.ToUnixTimeSeconds().ToString() }, { "edit", how.Edit },
        }, [new Node("participants", null, targets)]);
    }

    /// <summary>A message of the phone to one of its own companions, as for keys and history. The caller holds the gate.</summary>
    public string SendPeer(Writes writes, Device companion, Message content)
    {
        var id = MakeId();
        world.Messages.Relay(writes, own, new Node("message", new NodeAttributes
        {
            { "id", id }, { "to", companion.PhoneJid }, { "type", "text" }, { "category", "peer" }, { "push_priority", "high_force" },
        }, [cipher.Encrypt(writes, companion, content)]));
        return id;
    }

    /// <param name="type">null = delivered.</param>
    /// <param name="author">Who wrote them, in a group or status; null in a chat with a person.</param>
    /// <param name="chat">The chat of a message that another own device sent to a person.</param>
    public void Receipt(Writes writes, Jid to, string? type, IReadOnlyList<string> ids, Jid? author = null, Jid? chat = null)
    {
        var attributes = new NodeAttributes
        {
            { "id", ids[0] }, { "to", to }, { "participant", author }, { "type", type }, { "t", world.UnixNow().ToString() }, { "recipient", chat?.ToString() },
        };
        var receipt = ids.Count == 1
            ? new Node("receipt", attributes)
            : new Node("receipt", attributes, [new Node("list", null, [.. ids.Skip(1).Select(id => new Node("item", new NodeAttributes { { "id", id } }))])]);
        world.Receipts.Relay(writes, own, receipt);
    }

    /// <summary>Asks the sender to encrypt once more, with a whole bundle so that it can start a new session. The caller holds the gate.</summary>
    public void AskRetry(Writes writes, Node message, int count, SignalError error, PhoneKeys keys)
    {
        var oneTime = keys.Make(writes);
        world.Receipts.Relay(writes, own, new Node("receipt", new NodeAttributes
        {
            { "id", message["id"] }, { "to", message["from"] }, { "participant", message["participant"] }, { "type", "retry" },
        },
        [
            new Node("retry", new NodeAttributes
            {
                { "count", count.ToString() }, { "id", message["id"] }, { "t", message["t"] }, { "v", "1" }, { "error", ReasonOf(error).ToString() },
            }),
            new Node("registration", null, NodeExtensions.BigEndian(own.RegistrationId, 4)),
            new Node("keys", null,
            [
                new Node("type", null, new byte[] { 5 }),
                new Node("identity", null, own.Identity),
                new Node("key", null,
                    [new Node("id", null, NodeExtensions.BigEndian(oneTime.Id, 3)), new Node("value", null, oneTime.KeyPair.PublicKey)]),
                new Node("skey", null,
                [
                    new Node("id", null, NodeExtensions.BigEndian(own.SignedPreKey.Id, 3)),
                    new Node("value", null, own.SignedPreKey.Key),
                    new Node("signature", null, own.SignedPreKey.Signature),
                ]),
            ]),
        ]));
    }

    /// <summary>Encrypts a message again for the device that could not read it. The caller holds the gate.</summary>
    public void AnswerRetry(Writes writes, Device requester, Node receipt)
    {
        var retry = receipt.Child("retry");
        var id = retry?["id"] ?? receipt["id"];
        if (id is null || messages.Find(id, fromMe: true) is not { SenderDevice: 0 } message)
        {
            world.Violations.Report("retry-unknown-id", "A retry was asked for a message that this phone never sent.", requester.PhoneJid, id);
            return;
        }

        var key = (id, requester);
        var resends = _resends[key] = _resends.GetValueOrDefault(key) + 1;
        if (_resends.Count > CountedResends)
            _resends.RemoveAt(0);
        if (resends > MaxResends)
        {
            world.Violations.Report("too-many-retries", $"A message was asked for {resends} times.", requester.PhoneJid, id);
            return;
        }

        if (receipt.Child("keys") is { } keys && ReadBundle(receipt, keys, requester, id) is { } bundle)
            cipher.Restart(writes, requester, bundle);
        else
            cipher.Start(writes, requester);

        var lid = (receipt.JidOf("participant") ?? receipt.JidOf("from"))?.IsLid ?? false;
        var count = retry?["count"] ?? "1";
        if (PhoneChat.Find(world, message.Chat) is { Person: null } chat)
            world.Messages.Relay(writes, own, _groups.Rebuild(writes, chat, message, requester, lid, count));
        else
            world.Messages.Relay(writes, own, Rebuild(writes, message, requester, lid, count));
    }

    private Node Rebuild(Writes writes, PhoneMessage message, Device requester, bool lid, string count)
    {
        var mine = requester.Account == own.Account;
        var chat = world.Directory.FindNumber(message.Chat)?.Jid(lid) ?? Jid.ForPhone(message.Chat);
        var content = mine
            ? new Message { DeviceSentMessage = new Message.Types.DeviceSentMessage { DestinationJid = chat.ToString(), Message = message.Content } }
            : message.Content;
        return new Node("message", new NodeAttributes
        {
            { "id", message.Id }, { "to", requester.Jid(lid) }, { "type", "text" }, { "t", message.At.ToUnixTimeSeconds().ToString() },
            { "recipient", mine ? chat.ToString() : null }, { "device_fanout", "false" },
        }, [cipher.Encrypt(writes, requester, content).With("count", count)]);
    }

    private PreKeyBundle? ReadBundle(Node receipt, Node keys, Device requester, string id)
    {
        var identity = keys.Child("identity")?.Bytes ?? default;
        var skey = keys.Child("skey");
        var key = keys.Child("key");
        var signed = skey?.Child("value")?.Bytes ?? default;
        var signature = skey?.Child("signature")?.Bytes ?? default;
        if (!identity.Span.SequenceEqual(requester.Identity.Span) || signed.Length != 32 || signature.Length != 64
            || !SignedPreKeys.Verify(identity.Span, signed.Span, signature.Span))
        {
            world.Violations.Report("bad-retry-keys", "The keys of a retry receipt do not hold together.", requester.PhoneJid, id);
            return null;
        }

        var registration = receipt.Child("registration")?.Bytes.BigEndian() ?? requester.RegistrationId;
        return new PreKeyBundle(registration, identity, (skey!.Child("id")?.Bytes ?? default).BigEndian(), signed, signature,
            key?.Child("id")?.Bytes.BigEndian(), key?.Child("value")?.Bytes);
    }

    internal static string MakeId() => "3A" + Convert.ToHexString(RandomNumberGenerator.GetBytes(9));

    /// <summary>WhatsApp's numbers for why a retry is asked. Source: whatsapp-rust wacore/src/protocol/retry.rs.</summary>
    private static int ReasonOf(SignalError error) => error switch
    {
        SignalError.NoSession => 1,
        SignalError.NoPreKey or SignalError.NoSignedPreKey => 3,
        SignalError.InvalidMessage or SignalError.InvalidVersion => 4,
        SignalError.InvalidSignature => 5,
        SignalError.TooFarInFuture => 6,
        SignalError.BadMac => 7,
        _ => 0,
    };
}
