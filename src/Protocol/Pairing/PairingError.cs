namespace Evolution.Protocol.Pairing;

/// <summary>Why pairing data was refused.</summary>
public enum PairingError
{
    /// <summary>The identity was not made for the secret this companion showed.</summary>
    HmacMismatch,

    /// <summary>The account's signature is wrong.</summary>
    SignatureMismatch,

    /// <summary>The bytes are not what they should be.</summary>
    Malformed,
}
