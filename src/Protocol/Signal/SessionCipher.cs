using System.Security.Cryptography;
using Evolution.Protocol.Crypto;

namespace Evolution.Protocol.Signal;

/// <summary>
/// Signal's pairwise sessions, protocol version 3: X3DH start, double ratchet. Each method takes a record and returns the next one;
/// keep it only when what it belongs to is stored. On an exception the given record is still the right one.
/// </summary>
/// <remarks>Facts: the X3DH and Double Ratchet specifications; message layouts as Baileys and whatsmeow exchange them (docs/protocol/signal.md).</remarks>
public static class SessionCipher
{
    /// <summary>
    /// Starts a session with a device from its published bundle. The current session, if any, is archived. Until the peer answers,
    /// <see cref="Encrypt"/> makes pre-key messages.
    /// </summary>
    /// <exception cref="SignalException">
    /// <see cref="SignalError.InvalidSignature"/>: the signed pre-key is not signed by the bundle's identity;
    /// <see cref="SignalError.InvalidMessage"/>: a key of the bundle is unusable.
    /// </exception>
    public static SessionRecord Initiate(SessionRecord? existing, IdentityKeys own, PreKeyBundle bundle) =>
        Initiate(existing, own, bundle, KeyPair.Generate);

    /// <summary>Takes the base key and then the ratchet key from <paramref name="newKeys"/>.</summary>
    internal static SessionRecord Initiate(SessionRecord? existing, IdentityKeys own, PreKeyBundle bundle, Func<KeyPair> newKeys)
    {
        ArgumentNullException.ThrowIfNull(own);
        ArgumentNullException.ThrowIfNull(bundle);
        if (bundle.IdentityKey.Length != Curve25519.KeySize || bundle.SignedPreKey.Length != Curve25519.KeySize
            || bundle.PreKey is { Length: not Curve25519.KeySize } || bundle.PreKey.HasValue != bundle.PreKeyId.HasValue)
        {
            throw new SignalException(SignalError.InvalidMessage, "The bundle's keys are incomplete or have a wrong length.");
        }
        Span<byte> signed = stackalloc byte[WireKey.Size];
        WireKey.Write(bundle.SignedPreKey.Span, signed);
        if (!Curve25519.Verify(bundle.IdentityKey.Span, signed, bundle.SignedPreKeySignature.Span))
            throw new SignalException(SignalError.InvalidSignature, "The signed pre-key is not signed by the bundle's identity.");

        var baseKey = newKeys();
        var preKey = bundle.PreKey is { } key ? key.Span : default;
        var (root, chain) = KeySchedule.Initiator(own.KeyPair, baseKey, bundle.IdentityKey.Span, bundle.SignedPreKey.Span, preKey);
        // The first receiving chain would be this one; nobody ever sends on it, because a responder's first act is a ratchet step.
        CryptographicOperations.ZeroMemory(chain);
        var ratchet = newKeys();
        var (sendingRoot, sendingChain) = KeySchedule.RootStep(root, ratchet, bundle.SignedPreKey.Span);
        CryptographicOperations.ZeroMemory(root);
        var state = new SessionState
        {
            RemoteIdentity = bundle.IdentityKey.ToArray(),
            RemoteRegistrationId = bundle.RegistrationId,
            BaseKey = baseKey.PublicKey,
            RootKey = sendingRoot,
            SenderRatchet = ratchet,
            SenderChain = MessageChain.Start(sendingChain),
            Pending = new PendingPreKey(bundle.PreKeyId, bundle.SignedPreKeyId),
        };
        return existing?.Replace(state) ?? new SessionRecord(state, []);
    }

    /// <summary>Encrypts in the current session.</summary>
    /// <exception cref="SignalException"><see cref="SignalError.NoSession"/>: <paramref name="record"/> is null.</exception>
    public static (SessionRecord Record, Ciphertext Message) Encrypt(SessionRecord? record, IdentityKeys own, ReadOnlySpan<byte> plaintext)
    {
        ArgumentNullException.ThrowIfNull(own);
        var state = Require(record).Current;
        Span<byte> seed = stackalloc byte[MessageChain.KeySize];
        var chain = state.SenderChain.Next(seed);
        var bytes = WhisperMessage.Write(state, own.KeyPair.PublicKey.Span, seed, plaintext);
        CryptographicOperations.ZeroMemory(seed);
        var message = state.Pending is { } pending
            ? new Ciphertext(CiphertextKind.PreKeyMessage, PreKeyWhisperMessage.Write(state, pending, own, bytes))
            : new Ciphertext(CiphertextKind.Message, bytes);
        return (record!.WithCurrent(state with { SenderChain = chain }), message);
    }

    /// <summary>Decrypts a <c>msg</c> in the current session or an archived one, which then becomes the current one.</summary>
    /// <exception cref="SignalException">
    /// <see cref="SignalError.NoSession"/> (no record), <see cref="SignalError.BadMac"/>, <see cref="SignalError.DuplicateMessage"/>,
    /// <see cref="SignalError.TooFarInFuture"/>, <see cref="SignalError.InvalidVersion"/>, <see cref="SignalError.InvalidMessage"/>.
    /// </exception>
    public static (SessionRecord Record, byte[] Plaintext) Decrypt(SessionRecord? record, IdentityKeys own, ReadOnlySpan<byte> whisperMessage) =>
        Decrypt(record, own, whisperMessage, KeyPair.Generate);

    /// <summary>Takes a new ratchet key from <paramref name="newKeys"/>, once the message has proven to be good.</summary>
    internal static (SessionRecord Record, byte[] Plaintext) Decrypt(
        SessionRecord? record, IdentityKeys own, ReadOnlySpan<byte> whisperMessage, Func<KeyPair> newKeys)
    {
        ArgumentNullException.ThrowIfNull(own);
        Require(record);
        var message = WhisperMessage.Parse(whisperMessage);
        if (Decrypt(record!.Current, own, message, newKeys, out var plaintext) is { } current)
            return (record.WithCurrent(current), plaintext);
        for (var i = 0; i < record.ArchivedCount; i++)
        {
            if (Decrypt(record.ArchivedAt(i), own, message, newKeys, out plaintext) is { } archived)
                return (record.Promote(i, archived), plaintext);
        }
        throw BadMac();
    }

    /// <summary>What a pre-key message says in clear, so that the keys it needs can be loaded and its identity judged.</summary>
    /// <exception cref="SignalException"><see cref="SignalError.InvalidVersion"/> or <see cref="SignalError.InvalidMessage"/>.</exception>
    public static PreKeyMessageInfo Inspect(ReadOnlySpan<byte> preKeyMessage) => PreKeyWhisperMessage.Parse(preKeyMessage).Info;

    /// <summary>
    /// Decrypts a <c>pkmsg</c>. If its session exists, that one is used and the pre-keys are not needed; else the session is built and
    /// the current one archived. Delete the one-time key, in the same transaction as the record, when <c>UsedPreKey</c> says so.
    /// </summary>
    /// <param name="existing">The sessions with the sender's device, if any.</param>
    /// <param name="own">This device.</param>
    /// <param name="signedPreKey">The one <see cref="Inspect"/> names; null when it is not stored any more.</param>
    /// <param name="preKey">The one <see cref="Inspect"/> names; null when there is none or it is not stored any more.</param>
    /// <param name="preKeyMessage">The ciphertext.</param>
    /// <exception cref="SignalException">
    /// As <see cref="Decrypt(SessionRecord?, IdentityKeys, ReadOnlySpan{byte})"/>; also <see cref="SignalError.NoSignedPreKey"/>,
    /// <see cref="SignalError.NoPreKey"/>, <see cref="SignalError.UntrustedIdentity"/> (the session exists with another identity).
    /// </exception>
    public static (SessionRecord Record, byte[] Plaintext, bool UsedPreKey) DecryptPreKeyMessage(
        SessionRecord? existing, IdentityKeys own, SignedPreKey? signedPreKey, PreKey? preKey, ReadOnlySpan<byte> preKeyMessage) =>
        DecryptPreKeyMessage(existing, own, signedPreKey, preKey, preKeyMessage, KeyPair.Generate);

    /// <summary>Takes a new ratchet key from <paramref name="newKeys"/>, once the message has proven to be good.</summary>
    internal static (SessionRecord Record, byte[] Plaintext, bool UsedPreKey) DecryptPreKeyMessage(
        SessionRecord? existing, IdentityKeys own, SignedPreKey? signedPreKey, PreKey? preKey, ReadOnlySpan<byte> preKeyMessage, Func<KeyPair> newKeys)
    {
        ArgumentNullException.ThrowIfNull(own);
        var outer = PreKeyWhisperMessage.Parse(preKeyMessage);
        var message = WhisperMessage.Parse(outer.Message.Span);
        byte[] plaintext;
        if (existing is not null && FindSession(existing, outer.Info) is var (index, known) && known is not null)
        {
            var state = Decrypt(known, own, message, newKeys, out plaintext) ?? throw BadMac();
            return (index < 0 ? existing.WithCurrent(state) : existing.Promote(index, state), plaintext, false);
        }
        var started = Decrypt(Respond(own, signedPreKey, preKey, outer.Info), own, message, newKeys, out plaintext) ?? throw BadMac();
        return (existing?.Replace(started) ?? new SessionRecord(started, []), plaintext, outer.Info.PreKeyId is not null);
    }

    // The session with the message's base key: index −1 is the current one.
    private static (int Index, SessionState? State) FindSession(SessionRecord record, PreKeyMessageInfo info)
    {
        for (var i = -1; i < record.ArchivedCount; i++)
        {
            var state = i < 0 ? record.Current : record.ArchivedAt(i);
            if (!state.BaseKey.Span.SequenceEqual(info.BaseKey.Span))
                continue;
            return state.RemoteIdentity.Span.SequenceEqual(info.IdentityKey.Span)
                ? (i, state)
                : throw new SignalException(SignalError.UntrustedIdentity, "The session belongs to another identity than the message claims.");
        }
        return (-1, null);
    }

    private static SessionState Respond(IdentityKeys own, SignedPreKey? signedPreKey, PreKey? preKey, PreKeyMessageInfo info)
    {
        if (signedPreKey is null || signedPreKey.Id != info.SignedPreKeyId)
            throw new SignalException(SignalError.NoSignedPreKey, $"Signed pre-key {info.SignedPreKeyId} is not there.");
        if (info.PreKeyId is { } id && preKey?.Id != id)
            throw new SignalException(SignalError.NoPreKey, $"Pre-key {id} is not there.");
        var oneTime = info.PreKeyId is null ? null : preKey;
        var (root, chain) = KeySchedule.Responder(
            own.KeyPair, signedPreKey.KeyPair, oneTime?.KeyPair, info.IdentityKey.Span, info.BaseKey.Span);
        return new SessionState
        {
            RemoteIdentity = info.IdentityKey,
            RemoteRegistrationId = info.RegistrationId,
            BaseKey = info.BaseKey,
            RootKey = root,
            // Only until the first receiving step, which comes before the first message sent.
            SenderRatchet = signedPreKey.KeyPair,
            SenderChain = MessageChain.Start(chain),
        };
    }

    /// <summary>The state after the message, or null when the message is not of this session. Throws when it is, but cannot be read.</summary>
    private static SessionState? Decrypt(SessionState state, IdentityKeys own, in WhisperMessage message, Func<KeyPair> newKeys, out byte[] plaintext)
    {
        plaintext = [];
        Span<byte> seed = stackalloc byte[MessageChain.KeySize];
        var remote = message.RatchetKey;
        var at = IndexOf(state.ReceiverChains, remote.Span);
        byte[]? root = null;
        MessageChain receiving;
        if (at >= 0)
        {
            receiving = state.ReceiverChains[at].Chain;
        }
        else
        {
            (root, var chainKey) = KeySchedule.RootStep(state.RootKey.Span, state.SenderRatchet, remote.Span);
            receiving = MessageChain.Start(chainKey);
        }

        var next = receiving.Take(message.Counter, seed, out var error);
        if (next is null)
        {
            // Without the chain nothing says that the counter is meant for this session.
            return at < 0 ? null : throw Unavailable(error, message.Counter);
        }
        var opened = message.Open(state.RemoteIdentity.Span, own.KeyPair.PublicKey.Span, seed);
        CryptographicOperations.ZeroMemory(seed);
        if (opened is null)
            return at < 0 ? null : throw BadMac();
        // Baileys counts to −1 when a trial has spoilt its session: what follows will not fit, and only a new session helps.
        if (message.PreviousCounter == uint.MaxValue)
            throw new SignalException(SignalError.TooFarInFuture, "The message claims a chain before it that no sender can have had.");
        plaintext = opened;

        if (root is null)
        {
            ReceiverChain[] chains = [.. state.ReceiverChains];
            chains[at] = new ReceiverChain(chains[at].RatchetKey, next);
            return state with { ReceiverChains = chains, Pending = null };
        }
        var kept = state.ReceiverChains.AsSpan(Math.Max(0, state.ReceiverChains.Length - SessionState.MaxReceiverChains + 1));
        var ratchet = newKeys();
        var (sendingRoot, sendingChain) = KeySchedule.RootStep(root, ratchet, remote.Span);
        CryptographicOperations.ZeroMemory(root);
        return state with
        {
            RootKey = sendingRoot,
            PreviousCounter = Math.Max(state.SenderChain.Index, 1) - 1,
            SenderRatchet = ratchet,
            SenderChain = MessageChain.Start(sendingChain),
            ReceiverChains = [.. kept, new ReceiverChain(remote, next)],
            Pending = null,
        };
    }

    private static int IndexOf(ReceiverChain[] chains, ReadOnlySpan<byte> ratchetKey)
    {
        for (var i = chains.Length - 1; i >= 0; i--)
        {
            if (chains[i].RatchetKey.Span.SequenceEqual(ratchetKey))
                return i;
        }
        return -1;
    }

    private static SessionRecord Require(SessionRecord? record) =>
        record ?? throw new SignalException(SignalError.NoSession, "There is no session with this device.");

    private static SignalException BadMac() => new(SignalError.BadMac, "The message was not made for this session, or was altered.");

    private static SignalException Unavailable(SignalError error, uint counter) => new(
        error,
        error == SignalError.DuplicateMessage
            ? $"Message {counter} of its chain was decrypted already."
            : $"Message {counter} lies more than {MessageChain.MaxSkipped} ahead of its chain.");
}
