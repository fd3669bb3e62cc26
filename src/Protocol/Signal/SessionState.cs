using Evolution.Proto.Signal;
using Evolution.Protocol.Crypto;
using Google.Protobuf;

namespace Evolution.Protocol.Signal;

/// <summary>One session's double ratchet. Immutable: a step makes another.</summary>
internal sealed record SessionState
{
    /// <summary>Receiving chains kept for late messages (libsignal's limit).</summary>
    public const int MaxReceiverChains = 5;

    public required ReadOnlyMemory<byte> RemoteIdentity { get; init; }

    public required uint RemoteRegistrationId { get; init; }

    /// <summary>The initiator's public base key: the session's name.</summary>
    public required ReadOnlyMemory<byte> BaseKey { get; init; }

    public required ReadOnlyMemory<byte> RootKey { get; init; }

    /// <summary>Counter of the last message of the sending chain before this one; 0 also when there was none.</summary>
    public uint PreviousCounter { get; init; }

    public required KeyPair SenderRatchet { get; init; }

    public required MessageChain SenderChain { get; init; }

    /// <summary>Oldest first.</summary>
    public ReceiverChain[] ReceiverChains { get; init; } = [];

    /// <summary>Not null while the peer has not answered: every message then carries what starts the session.</summary>
    public PendingPreKey? Pending { get; init; }

    public SessionStateStructure ToStructure()
    {
        var structure = new SessionStateStructure
        {
            RemoteIdentity = UnsafeByteOperations.UnsafeWrap(RemoteIdentity),
            RemoteRegistrationId = RemoteRegistrationId,
            BaseKey = UnsafeByteOperations.UnsafeWrap(BaseKey),
            RootKey = UnsafeByteOperations.UnsafeWrap(RootKey),
            PreviousCounter = PreviousCounter,
            SenderRatchetPrivate = UnsafeByteOperations.UnsafeWrap(SenderRatchet.PrivateKey),
            SenderRatchetPublic = UnsafeByteOperations.UnsafeWrap(SenderRatchet.PublicKey),
            SenderChain = SenderChain.ToStructure(),
        };
        foreach (var chain in ReceiverChains)
        {
            structure.ReceiverChains.Add(new ReceiverChainStructure
            {
                RatchetKey = UnsafeByteOperations.UnsafeWrap(chain.RatchetKey),
                Chain = chain.Chain.ToStructure(),
            });
        }
        if (Pending is { } pending)
        {
            structure.PendingPreKey = new PendingPreKeyStructure { SignedPreKeyId = pending.SignedPreKeyId };
            if (pending.PreKeyId is { } id)
                structure.PendingPreKey.PreKeyId = id;
        }
        return structure;
    }

    /// <exception cref="InvalidDataException">Not what <see cref="ToStructure"/> makes.</exception>
    public static SessionState FromStructure(SessionStateStructure? structure)
    {
        if (structure is null)
            throw new InvalidDataException("The stored record has no session.");
        return new SessionState
        {
            RemoteIdentity = Key(structure.RemoteIdentity),
            RemoteRegistrationId = structure.RemoteRegistrationId,
            BaseKey = Key(structure.BaseKey),
            RootKey = Key(structure.RootKey),
            PreviousCounter = structure.PreviousCounter,
            SenderRatchet = KeyPair.FromStored(Key(structure.SenderRatchetPrivate), Key(structure.SenderRatchetPublic)),
            SenderChain = MessageChain.FromStructure(structure.SenderChain),
            ReceiverChains = [.. structure.ReceiverChains.Select(chain => new ReceiverChain(Key(chain.RatchetKey), MessageChain.FromStructure(chain.Chain)))],
            Pending = structure.PendingPreKey is { } pending
                ? new PendingPreKey(pending.HasPreKeyId ? pending.PreKeyId : null, pending.SignedPreKeyId)
                : null,
        };

        static ReadOnlyMemory<byte> Key(ByteString field) => RecordBytes.Require(field, Curve25519.KeySize);
    }
}

/// <summary>The chain of what the peer sends under one of its ratchet keys.</summary>
internal sealed record ReceiverChain(ReadOnlyMemory<byte> RatchetKey, MessageChain Chain);

/// <summary>Which keys of the peer's bundle a session started with.</summary>
internal sealed record PendingPreKey(uint? PreKeyId, uint SignedPreKeyId);
