namespace Evolution.Protocol.Noise;

/// <summary>Why a handshake failed.</summary>
public enum NoiseError
{
    /// <summary>A message is malformed or lacks a part.</summary>
    Malformed,

    /// <summary>A part does not decrypt: wrong keys or tampering.</summary>
    NotAuthentic,

    /// <summary>The intermediate certificate is not signed by the pinned root, or names another issuer.</summary>
    UntrustedIntermediate,

    /// <summary>The leaf certificate is not signed by the intermediate, or names another issuer.</summary>
    UntrustedLeaf,

    /// <summary>The leaf certificate is for another key than the server's.</summary>
    KeyMismatch,

    /// <summary>A certificate is not yet or no longer valid.</summary>
    OutOfDate,
}
