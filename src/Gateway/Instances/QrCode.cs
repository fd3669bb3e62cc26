namespace Evolution.Gateway.Instances;

/// <summary>What can be used to link a phone right now.</summary>
/// <param name="Count">How many QR codes this connection has shown; 0 before the first one.</param>
/// <param name="Text">Text of the current QR code.</param>
/// <param name="PairingCode">Eight characters without a dash; only when the connection was started with a phone number.</param>
internal sealed record QrCode(int Count, string? Text, string? PairingCode)
{
    public static QrCode None { get; } = new(0, null, null);
}
