using Evolution.Proto;

namespace Evolution.Client.Messages.Receiving;

/// <summary>What became of a message's parts.</summary>
internal sealed record Decryption
{
    /// <summary>The content; null when no part could be read.</summary>
    public Message? Content { get; init; }

    /// <summary>Why a part could not be read; null when all could.</summary>
    public DecryptionFailure? Failure { get; init; }

    /// <summary>Whether everything in it was read before: the server delivered it again.</summary>
    public bool IsDuplicate { get; init; }

    /// <summary>Whether the author's identity key changed.</summary>
    public bool IdentityChanged { get; init; }
}
