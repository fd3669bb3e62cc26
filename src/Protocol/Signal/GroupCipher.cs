using System.Collections.Immutable;
using System.Security.Cryptography;
using Evolution.Proto.Signal;
using Evolution.Protocol.Crypto;
using Google.Protobuf;

namespace Evolution.Protocol.Signal;

/// <summary>
/// Signal's sender keys: a group member encrypts once, under a chain that it gave each member in a pairwise message, and signs.
/// Each method takes a record and returns the next one; on an exception the given record is still the right one.
/// </summary>
/// <remarks>
/// Facts: Baileys src/Signal/Group (its sender advances the chain twice per message, so its iterations are even; receivers skip, and
/// ours are consecutive), whatsmeow send.go. See docs/protocol/signal.md.
/// </remarks>
public static class GroupCipher
{
    private const int KeysSize = 48;

    /// <summary>A fresh sender key for this device, and the distribution message that gives it to the members.</summary>
    public static (SenderKeyRecord Record, byte[] DistributionMessage) Create()
    {
        var signing = KeyPair.Generate();
        var chain = MessageChain.Start(RandomNumberGenerator.GetBytes(MessageChain.KeySize));
        var id = (uint)RandomNumberGenerator.GetInt32(int.MaxValue);
        var state = new SenderKeyState(id, chain, signing.PublicKey, signing.PrivateKey);
        var record = new SenderKeyRecord([state]);
        return (record, DistributionOf(record));
    }

    /// <summary>The distribution message for members who join now: it opens what is sent from here on, nothing earlier.</summary>
    public static byte[] DistributionOf(SenderKeyRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var state = record.States[0];
        var message = new SenderKeyDistributionMessage
        {
            Id = state.Id,
            Iteration = state.Chain.Index,
            ChainKey = ByteString.CopyFrom(state.Chain.Key),
            SigningKey = WireKey.ToByteString(state.SigningKey.Span),
        };
        var bytes = new byte[1 + message.CalculateSize()];
        bytes[0] = WireVersion.Current;
        message.WriteTo(bytes.AsSpan(1));
        return bytes;
    }

    /// <summary>
    /// Takes a member's distribution message. One for a key that is known already changes no chain: it may be older than what was read since.
    /// </summary>
    /// <exception cref="SignalException"><see cref="SignalError.InvalidVersion"/> or <see cref="SignalError.InvalidMessage"/>.</exception>
    public static SenderKeyRecord Process(SenderKeyRecord? existing, ReadOnlySpan<byte> distributionMessage)
    {
        var state = ReadDistribution(distributionMessage);
        ImmutableArray<SenderKeyState> states = existing?.States ?? [];
        var known = states.FirstOrDefault(s => s.Id == state.Id && s.SigningKey.Span.SequenceEqual(state.SigningKey.Span));
        // A key with the same id but another signing key could never be told apart: the newer one replaces it.
        var others = states.Where(s => s.Id != state.Id).Take(SenderKeyRecord.MaxStates - 1);
        return new SenderKeyRecord([known ?? state, .. others]);
    }

    /// <summary>Encrypts under this device's own sender key and signs.</summary>
    /// <exception cref="SignalException"><see cref="SignalError.NoSenderKey"/>: the record is missing or another device's.</exception>
    public static (SenderKeyRecord Record, byte[] Message) Encrypt(SenderKeyRecord? record, ReadOnlySpan<byte> plaintext) =>
        Encrypt(record, plaintext, RandomNumberGenerator.GetBytes(Curve25519.RandomSize));

    /// <summary>The message with these random bytes in its signature.</summary>
    internal static (SenderKeyRecord Record, byte[] Message) Encrypt(
        SenderKeyRecord? record, ReadOnlySpan<byte> plaintext, ReadOnlySpan<byte> signatureRandom)
    {
        if (record?.States[0] is not { SigningPrivateKey: { } signingKey } state)
            throw new SignalException(SignalError.NoSenderKey, "There is no sender key of this device's own.");
        Span<byte> seed = stackalloc byte[MessageChain.KeySize];
        Span<byte> keys = stackalloc byte[KeysSize];
        var chain = state.Chain.Next(seed);
        DeriveKeys(seed, keys);
        var message = new SenderKeyMessage
        {
            Id = state.Id,
            Iteration = state.Chain.Index,
            Ciphertext = UnsafeByteOperations.UnsafeWrap(AesCbcBox.Encrypt(keys[16..], keys[..16], plaintext)),
        };
        CryptographicOperations.ZeroMemory(seed);
        CryptographicOperations.ZeroMemory(keys);
        var size = message.CalculateSize();
        var bytes = new byte[1 + size + Curve25519.SignatureSize];
        bytes[0] = WireVersion.Current;
        message.WriteTo(bytes.AsSpan(1, size));
        Curve25519.Sign(signingKey.Span, bytes.AsSpan(0, 1 + size), signatureRandom).CopyTo(bytes.AsSpan(1 + size));
        return (With(record, 0, state with { Chain = chain }), bytes);
    }

    /// <summary>Verifies and decrypts a member's <c>skmsg</c>.</summary>
    /// <exception cref="SignalException">
    /// <see cref="SignalError.NoSenderKey"/> (never distributed to us, or long replaced), <see cref="SignalError.InvalidSignature"/>,
    /// <see cref="SignalError.DuplicateMessage"/>, <see cref="SignalError.TooFarInFuture"/>, <see cref="SignalError.InvalidVersion"/>,
    /// <see cref="SignalError.InvalidMessage"/>.
    /// </exception>
    public static (SenderKeyRecord Record, byte[] Plaintext) Decrypt(SenderKeyRecord? record, ReadOnlySpan<byte> message)
    {
        var parsed = ReadMessage(message);
        var at = record is null ? -1 : IndexOf(record.States, parsed.Id);
        if (at < 0)
            throw new SignalException(SignalError.NoSenderKey, "The sender key of this message was not distributed to us.");
        var state = record!.States[at];
        if (!Curve25519.Verify(state.SigningKey.Span, message[..^Curve25519.SignatureSize], message[^Curve25519.SignatureSize..]))
            throw new SignalException(SignalError.InvalidSignature, "The group message is not signed by its sender key.");

        Span<byte> seed = stackalloc byte[MessageChain.KeySize];
        Span<byte> keys = stackalloc byte[KeysSize];
        var chain = state.Chain.Take(parsed.Iteration, seed, out var error)
            ?? throw new SignalException(error, $"Iteration {parsed.Iteration} of the sender key is used already or too far ahead.");
        DeriveKeys(seed, keys);
        try
        {
            var plaintext = AesCbcBox.Decrypt(keys[16..], keys[..16], parsed.Ciphertext.Span);
            return (With(record, at, state with { Chain = chain }), plaintext);
        }
        catch (CryptographicException)
        {
            throw new SignalException(SignalError.InvalidMessage, "The ciphertext has a wrong length or padding.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(seed);
            CryptographicOperations.ZeroMemory(keys);
        }
    }

    private static SenderKeyState ReadDistribution(ReadOnlySpan<byte> bytes)
    {
        WireVersion.Require(bytes);
        try
        {
            var message = SenderKeyDistributionMessage.Parser.ParseFrom(bytes[1..]);
            if (message.HasId && message.HasIteration && message.ChainKey.Length == MessageChain.KeySize)
            {
                var chain = MessageChain.Start(message.ChainKey.ToByteArray(), message.Iteration);
                return new SenderKeyState(message.Id, chain, WireKey.Read(message.SigningKey), null);
            }
        }
        catch (InvalidProtocolBufferException)
        {
            // Reported below, like any other malformed message.
        }
        throw new SignalException(SignalError.InvalidMessage, "The bytes are not a sender key distribution message.");
    }

    private static SenderKeyMessage ReadMessage(ReadOnlySpan<byte> bytes)
    {
        WireVersion.Require(bytes);
        try
        {
            if (bytes.Length > 1 + Curve25519.SignatureSize)
            {
                var message = SenderKeyMessage.Parser.ParseFrom(bytes[1..^Curve25519.SignatureSize]);
                if (message.HasId && message.HasIteration && message.HasCiphertext)
                    return message;
            }
        }
        catch (InvalidProtocolBufferException)
        {
            // Reported below, like any other malformed message.
        }
        throw new SignalException(SignalError.InvalidMessage, "The bytes are not a sender key message.");
    }

    private static int IndexOf(ImmutableArray<SenderKeyState> states, uint id)
    {
        for (var i = 0; i < states.Length; i++)
        {
            if (states[i].Id == id)
                return i;
        }
        return -1;
    }

    private static SenderKeyRecord With(SenderKeyRecord record, int at, SenderKeyState state) => new(record.States.SetItem(at, state));

    // IV 16 ‖ cipher key 32
    private static void DeriveKeys(ReadOnlySpan<byte> seed, Span<byte> keys) => Hkdf.Derive(seed, keys, default, "WhisperGroup"u8);
}
