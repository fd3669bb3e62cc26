namespace Evolution.Simulator.Pairing;

/// <summary>Why a phone could not link a companion.</summary>
public enum PairingFailure
{
    /// <summary>The text is no QR code of a companion.</summary>
    BadCode,

    /// <summary>Nobody shows this code.</summary>
    Unknown,

    /// <summary>The code was shown once, but its connection is gone or it was used.</summary>
    Expired,

    /// <summary>The companion refused, or what it signed does not hold.</summary>
    Rejected,

    /// <summary>The companion was linked and did not log in within the time allowed.</summary>
    NoLogin,
}

/// <summary>A phone could not link a companion.</summary>
public sealed class PairingFailedException(PairingFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    public PairingFailure Failure { get; } = failure;
}
