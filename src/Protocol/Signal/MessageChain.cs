using System.Security.Cryptography;
using Evolution.Proto.Signal;
using Google.Protobuf;

namespace Evolution.Protocol.Signal;

/// <summary>
/// A symmetric-key ratchet: the chain key, the number of its next message, and the seeds of earlier messages that have not come.
/// Immutable, so that records can share it and a failed decryption changes nothing.
/// </summary>
internal sealed class MessageChain
{
    /// <summary>How far ahead of the chain a message may be, and how many unused seeds a chain keeps (libsignal's limits).</summary>
    public const int MaxSkipped = 2000;

    public const int KeySize = 32;

    private readonly byte[] _key;
    private readonly SkippedKey[] _skipped;

    private MessageChain(byte[] key, uint index, SkippedKey[] skipped)
    {
        _key = key;
        Index = index;
        _skipped = skipped;
    }

    /// <summary>A chain from its key, which it keeps.</summary>
    public static MessageChain Start(byte[] key, uint index = 0) => new(key, index, []);

    /// <summary>Number of the next message.</summary>
    public uint Index { get; }

    public ReadOnlySpan<byte> Key => _key;

    /// <summary>Writes the seed of the next message and returns the chain after it.</summary>
    public MessageChain Next(Span<byte> seed)
    {
        WriteSeed(_key, seed);
        var next = new byte[KeySize];
        Advance(_key, next);
        return new MessageChain(next, checked(Index + 1), _skipped);
    }

    /// <summary>
    /// Writes the seed of message <paramref name="counter"/> and gives the chain after taking it; null with the error when there is none.
    /// </summary>
    public MessageChain? Take(uint counter, Span<byte> seed, out SignalError error)
    {
        error = SignalError.DuplicateMessage;
        if (counter < Index)
            return TakeSkipped(counter, seed);
        if (counter - Index > MaxSkipped)
        {
            error = SignalError.TooFarInFuture;
            return null;
        }
        return counter == Index ? Next(seed) : SkipTo((int)(counter - Index), seed);
    }

    public MessageChainStructure ToStructure()
    {
        var structure = new MessageChainStructure { Key = UnsafeByteOperations.UnsafeWrap(_key), Index = Index };
        foreach (var key in _skipped)
            structure.Skipped.Add(new SkippedKeyStructure { Index = key.Index, Seed = UnsafeByteOperations.UnsafeWrap(key.Seed) });
        return structure;
    }

    /// <exception cref="InvalidDataException">A key of another length.</exception>
    public static MessageChain FromStructure(MessageChainStructure? structure)
    {
        if (structure is null)
            throw new InvalidDataException("A chain is missing.");
        var skipped = structure.Skipped.Count == 0 ? [] : new SkippedKey[structure.Skipped.Count];
        for (var i = 0; i < skipped.Length; i++)
            skipped[i] = new SkippedKey(structure.Skipped[i].Index, RecordBytes.Require(structure.Skipped[i].Seed, KeySize).ToArray());
        return new MessageChain(RecordBytes.Require(structure.Key, KeySize).ToArray(), structure.Index, skipped);
    }

    private MessageChain? TakeSkipped(uint counter, Span<byte> seed)
    {
        var at = Array.FindIndex(_skipped, key => key.Index == counter);
        if (at < 0)
            return null;
        _skipped[at].Seed.CopyTo(seed);
        return new MessageChain(_key, Index, [.. _skipped.AsSpan(0, at), .. _skipped.AsSpan(at + 1)]);
    }

    private MessageChain SkipTo(int count, Span<byte> seed)
    {
        // The oldest make room: their messages are the least likely still to come.
        var kept = Math.Min(_skipped.Length, MaxSkipped - count);
        var skipped = new SkippedKey[kept + count];
        _skipped.AsSpan(_skipped.Length - kept).CopyTo(skipped);
        Span<byte> key = stackalloc byte[KeySize];
        _key.CopyTo(key);
        for (var i = 0; i < count; i++)
        {
            var skippedSeed = new byte[KeySize];
            WriteSeed(key, skippedSeed);
            Advance(key, key);
            skipped[kept + i] = new SkippedKey(checked(Index + (uint)i), skippedSeed);
        }
        WriteSeed(key, seed);
        var next = new byte[KeySize];
        Advance(key, next);
        CryptographicOperations.ZeroMemory(key);
        return new MessageChain(next, checked(Index + (uint)count + 1), skipped);
    }

    private static void WriteSeed(ReadOnlySpan<byte> key, Span<byte> seed) => HMACSHA256.HashData(key, [1], seed);

    private static void Advance(ReadOnlySpan<byte> key, Span<byte> next) => HMACSHA256.HashData(key, [2], next);

    private sealed class SkippedKey(uint index, byte[] seed)
    {
        public uint Index { get; } = index;

        public byte[] Seed { get; } = seed;
    }
}
