namespace Evolution.Client.Messages.Receiving;

/// <summary>A decrypted pairwise part.</summary>
/// <param name="Bytes">The padded message.</param>
/// <param name="IdentityChanged">Whether the author's device came with another identity key than before.</param>
internal readonly record struct PairwisePlaintext(byte[] Bytes, bool IdentityChanged);
