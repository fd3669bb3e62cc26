namespace Evolution.Protocol.Media;

/// <summary>What identifies a file: messages announce all three, and a download must match them.</summary>
/// <param name="Sha256">Hash of the plaintext.</param>
/// <param name="EncryptedSha256">Hash of the file as the media hosts keep it: ciphertext and MAC.</param>
/// <param name="Length">Bytes of plaintext.</param>
public sealed record MediaDigest(ReadOnlyMemory<byte> Sha256, ReadOnlyMemory<byte> EncryptedSha256, long Length);
