namespace Evolution.Protocol.Pairing;

/// <summary>Pairing data was refused.</summary>
#pragma warning disable CA1032 // an error without its kind would be of no use to a caller
public sealed class PairingException(PairingError error, string message) : Exception(message)
#pragma warning restore CA1032
{
    /// <summary>What went wrong.</summary>
    public PairingError Error { get; } = error;

    /// <summary>The <c>code</c> of the error reply to the server (whatsmeow pair.go, sendPairError).</summary>
    public int StatusCode => Error == PairingError.Malformed ? 500 : 401;

    /// <summary>The <c>text</c> of the error reply to the server.</summary>
    public string Text => Error switch
    {
        PairingError.HmacMismatch => "hmac-mismatch",
        PairingError.SignatureMismatch => "signature-mismatch",
        _ => "internal-error",
    };
}
