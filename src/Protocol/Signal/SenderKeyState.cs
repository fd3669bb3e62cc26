using Evolution.Proto.Signal;
using Evolution.Protocol.Crypto;
using Google.Protobuf;

namespace Evolution.Protocol.Signal;

/// <summary>One sender key: its chain and the key its messages are signed with. Immutable.</summary>
/// <param name="Id">Random, 31 bits.</param>
/// <param name="Chain">Message seeds by iteration.</param>
/// <param name="SigningKey">The public key, 32 bytes.</param>
/// <param name="SigningPrivateKey">Null unless the sender is this device.</param>
internal sealed record SenderKeyState(uint Id, MessageChain Chain, ReadOnlyMemory<byte> SigningKey, ReadOnlyMemory<byte>? SigningPrivateKey)
{
    public SenderKeyStateStructure ToStructure()
    {
        var structure = new SenderKeyStateStructure
        {
            Id = Id,
            Chain = Chain.ToStructure(),
            SigningKey = UnsafeByteOperations.UnsafeWrap(SigningKey),
        };
        if (SigningPrivateKey is { } key)
            structure.SigningPrivateKey = UnsafeByteOperations.UnsafeWrap(key);
        return structure;
    }

    /// <exception cref="InvalidDataException">Not what <see cref="ToStructure"/> makes.</exception>
    public static SenderKeyState FromStructure(SenderKeyStateStructure structure) => new(
        structure.Id,
        MessageChain.FromStructure(structure.Chain),
        RecordBytes.Require(structure.SigningKey, Curve25519.KeySize),
        // A bare null would become an empty memory here.
        structure.HasSigningPrivateKey ? RecordBytes.Require(structure.SigningPrivateKey, Curve25519.KeySize) : default(ReadOnlyMemory<byte>?));
}
