using System.Security.Cryptography;
using Evolution.Client.Stores;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Signal;

namespace Evolution.Client.Messages.Receiving;

/// <summary>Decrypts the parts of a message. Every step works on a copy; what changed goes to the write set, and a failed part changes nothing.</summary>
internal sealed class MessageDecryptor(IDeviceStore store, Func<DeviceCredentials> credentials)
{
    /// <summary>Decrypts a <c>msg</c> or <c>pkmsg</c>.</summary>
    /// <param name="device">The author's canonical device.</param>
    /// <exception cref="SignalException">The part can't be read; nothing was changed.</exception>
    public async ValueTask<PairwisePlaintext> PairwiseAsync(EncryptedPart part, Jid device, DeviceWriteSet writes, CancellationToken ct)
    {
        var address = device.ToSignalAddress();
        var reader = new RatchetReader(store, writes);
        var session = await reader.SessionAsync(address, ct).ConfigureAwait(false);
        if (part.Kind == "msg")
        {
            if (session is null)
                throw new SignalException(SignalError.NoSession, "There is no session with the author's device.");
            var (stepped, plaintext) = SessionCipher.Decrypt(session, credentials().Identity, part.Bytes.Span);
            writes.Sessions[address] = stepped.ToBytes();
            return new PairwisePlaintext(plaintext, IdentityChanged: false);
        }

        return await PreKeyMessageAsync(part.Bytes, address, session, reader, writes, ct).ConfigureAwait(false);
    }

    /// <summary>Decrypts a <c>skmsg</c>.</summary>
    /// <exception cref="SignalException">The part can't be read; nothing was changed.</exception>
    public async ValueTask<byte[]> GroupAsync(EncryptedPart part, SenderKeyName name, SenderKeyName? formerName, DeviceWriteSet writes, CancellationToken ct)
    {
        var key = await SenderKeyAsync(name, formerName, writes, ct).ConfigureAwait(false)
            ?? throw new SignalException(SignalError.NoSenderKey, "The author has not given us his sender key.");
        var (stepped, plaintext) = GroupCipher.Decrypt(key, part.Bytes.Span);
        writes.SenderKeys[name] = stepped.ToBytes();
        return plaintext;
    }

    /// <summary>Takes an author's sender key for a group.</summary>
    /// <exception cref="SignalException">The key can't be read; nothing was changed.</exception>
    public async ValueTask ReceiveSenderKeyAsync(
        ReadOnlyMemory<byte> distribution, SenderKeyName name, SenderKeyName? formerName, DeviceWriteSet writes, CancellationToken ct)
    {
        var existing = await SenderKeyAsync(name, formerName, writes, ct).ConfigureAwait(false);
        writes.SenderKeys[name] = GroupCipher.Process(existing, distribution.Span).ToBytes();
    }

    private async ValueTask<PairwisePlaintext> PreKeyMessageAsync(
        ReadOnlyMemory<byte> bytes, SignalAddress address, SessionRecord? session, RatchetReader reader, DeviceWriteSet writes, CancellationToken ct)
    {
        var own = credentials();
        var info = SessionCipher.Inspect(bytes.Span);
        var known = await reader.IdentityAsync(address, ct).ConfigureAwait(false);
        // A new identity is trusted at first use, as every WhatsApp client does: the person has a new phone. The old session is of no more use.
        var changed = known is not null && !CryptographicOperations.FixedTimeEquals(known, info.IdentityKey.Span);
        if (changed)
            session = null;

        var signedPreKey = info.SignedPreKeyId == own.SignedPreKey.Id
            ? own.SignedPreKey
            : await store.LoadSignedPreKeyAsync(info.SignedPreKeyId, ct).ConfigureAwait(false)
                ?? throw new SignalException(SignalError.NoSignedPreKey, "The message uses a signed pre-key that this device does not have.");
        var preKey = info.PreKeyId is { } id ? await reader.PreKeyAsync(id, ct).ConfigureAwait(false) : null;
        var (stepped, plaintext, usedPreKey) = SessionCipher.DecryptPreKeyMessage(session, own.Identity, signedPreKey, preKey, bytes.Span);

        writes.Sessions[address] = stepped.ToBytes();
        if (known is null || changed)
            writes.Identities[address] = info.IdentityKey.ToArray();
        if (usedPreKey && info.PreKeyId is { } used)
            writes.RemovedPreKeys.Add(used);
        return new PairwisePlaintext(plaintext, changed);
    }

    // A sender key stored before the author's LID was known lies under the phone address; it moves when it is used.
    private async ValueTask<SenderKeyRecord?> SenderKeyAsync(SenderKeyName name, SenderKeyName? formerName, DeviceWriteSet writes, CancellationToken ct)
    {
        var reader = new RatchetReader(store, writes);
        if (await reader.SenderKeyAsync(name, ct).ConfigureAwait(false) is { } key)
            return key;
        if (formerName is not { } former || await reader.SenderKeyAsync(former, ct).ConfigureAwait(false) is not { } old)
            return null;
        writes.SenderKeys[former] = null;
        writes.SenderKeys[name] = old.ToBytes();
        return old;
    }
}
