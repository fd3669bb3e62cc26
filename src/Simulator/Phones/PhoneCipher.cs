using Evolution.Proto;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Signal;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Store;
using Google.Protobuf;

namespace Evolution.Simulator.Phones;

/// <summary>
/// A phone's Signal sessions, one for each device it has met: a person's phone number and LID lead to the same one. Every step goes into
/// the caller's writes; the caller holds <see cref="Gate"/> until they are with the store.
/// </summary>
internal sealed class PhoneCipher(SimulatedWorld world, Device own, PhoneKeys keys)
{
    private readonly Dictionary<(string Number, ushort Device), SessionRecord> _sessions = [];
    private bool _loaded;

    /// <summary>Held around every use.</summary>
    public SemaphoreSlim Gate { get; } = new(1, 1);

    public PhoneSenderKeys SenderKeys { get; } = new(world, own);

    /// <summary>Encrypts for one device, with a new session when there is none; a fresh bundle comes straight from the server's records.</summary>
    public Node Encrypt(Writes writes, Device target, Message message) => Encrypt(writes, target, message.ToByteArray());

    /// <inheritdoc cref="Encrypt(Writes, Device, Message)"/>
    public Node Encrypt(Writes writes, Device target, ReadOnlyMemory<byte> plaintext)
    {
        var session = Find(target) ?? Start(writes, target);
        var (next, ciphertext) = SessionCipher.Encrypt(session, keys.Identity, MessagePadding.Pad(plaintext.Span));
        Save(writes, target, next);
        return new Node("enc", new NodeAttributes { { "v", "2" }, { "type", ciphertext.Kind == CiphertextKind.PreKeyMessage ? "pkmsg" : "msg" } }, ciphertext.Bytes);
    }

    /// <summary>Decrypts what a device sent. Throws <see cref="SignalException"/>; the session is then as before.</summary>
    public byte[] Decrypt(Writes writes, Device sender, Node enc)
    {
        var session = Find(sender);
        SessionRecord next;
        byte[] plaintext;
        if (enc["type"] == "pkmsg")
        {
            var info = SessionCipher.Inspect(enc.Bytes.Span);
            if (!info.IdentityKey.Span.SequenceEqual(sender.Identity.Span))
                throw new SignalException(SignalError.UntrustedIdentity, "The pre-key message carries another identity than the server knows of this device.");
            if (info.SignedPreKeyId != keys.SignedPreKey.Id)
                throw new SignalException(SignalError.NoSignedPreKey, "No such signed pre-key.");
            var oneTime = info.PreKeyId is { } id ? keys.OneTime(id) : null;
            (next, plaintext, var used) = SessionCipher.DecryptPreKeyMessage(session, keys.Identity, keys.SignedPreKey, oneTime, enc.Bytes.Span);
            if (used && oneTime is not null)
                keys.Use(writes, oneTime.Id);
        }
        else
        {
            if (session is null)
                throw new SignalException(SignalError.NoSession, "No session with this device.");
            (next, plaintext) = SessionCipher.Decrypt(session, keys.Identity, enc.Bytes.Span);
        }

        Save(writes, sender, next);
        return MessagePadding.Unpad(plaintext).ToArray();
    }

    /// <summary>Replaces the session by one from the keys that came with a retry receipt.</summary>
    public void Restart(Writes writes, Device target, PreKeyBundle bundle) =>
        Save(writes, target, SessionCipher.Initiate(Find(target), keys.Identity, bundle));

    /// <summary>Replaces the session by one from a bundle of the server.</summary>
    public SessionRecord Start(Writes writes, Device target)
    {
        var oneTime = world.TakePreKey(target, writes);
        var bundle = new PreKeyBundle(target.RegistrationId, target.Identity, target.SignedPreKey.Id, target.SignedPreKey.Key, target.SignedPreKey.Signature,
            oneTime?.Id, oneTime?.Key);
        var session = SessionCipher.Initiate(Find(target), keys.Identity, bundle);
        Save(writes, target, session);
        return session;
    }

    public bool Has(Device device) => Find(device) is not null;

    /// <summary>Forgets the session, so that the next message of the device cannot be read until it starts a new one.</summary>
    public void Delete(Writes writes, Device device)
    {
        Load();
        _sessions.Remove((device.Account.Number, device.Number));
        writes.Add("DELETE FROM sessions WHERE pn = ?1 AND peer_pn = ?2 AND peer_device = ?3",
            own.Account.Number, device.Account.Number, (long)device.Number);
    }

    /// <summary>Forgets every session and sender key.</summary>
    public void DeleteAll(Writes writes)
    {
        _sessions.Clear();
        SenderKeys.DeleteAll(writes);
        writes.Add("DELETE FROM sessions WHERE pn = ?1", own.Account.Number);
    }

    /// <summary>Drops what is cached after a failed commit: memory must not run ahead of the file.</summary>
    public void Evict()
    {
        _sessions.Clear();
        _loaded = false;
        SenderKeys.Evict();
    }

    private SessionRecord? Find(Device device)
    {
        Load();
        return _sessions.GetValueOrDefault((device.Account.Number, device.Number));
    }

    private void Load()
    {
        if (_loaded)
            return;
        world.Store.Query("SELECT peer_pn, peer_device, record FROM sessions WHERE pn = ?1", row =>
            _sessions[(row.GetString(0), (ushort)row.GetInt64(1))] = SessionRecord.Parse(row.Bytes(2)), own.Account.Number);
        _loaded = true;
    }

    private void Save(Writes writes, Device device, SessionRecord record)
    {
        _sessions[(device.Account.Number, device.Number)] = record;
        writes.Add("INSERT OR REPLACE INTO sessions VALUES(?1, ?2, ?3, ?4)",
            own.Account.Number, device.Account.Number, (long)device.Number, record.ToBytes());
    }
}
