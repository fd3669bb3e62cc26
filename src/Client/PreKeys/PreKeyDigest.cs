namespace Evolution.Client.PreKeys;

/// <summary>What the server says it holds of our keys.</summary>
/// <param name="ListedIds">Ids of the one-time keys that are left, in the server's order.</param>
/// <param name="Hash">See <see cref="PreKeyStanzas.Hash"/>.</param>
internal sealed record PreKeyDigest(
    uint RegistrationId,
    ReadOnlyMemory<byte> Identity,
    uint SignedPreKeyId,
    ReadOnlyMemory<byte> SignedPreKey,
    IReadOnlyList<uint> ListedIds,
    ReadOnlyMemory<byte> Hash);
