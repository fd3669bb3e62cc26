using Evolution.Gateway.Providers;

namespace Evolution.Gateway.Instances;

/// <summary>One instance running on this node.</summary>
internal interface IInstanceHost
{
    InstanceStatus Status { get; }

    QrCode QrCode { get; }

    /// <summary>The instance's way to WhatsApp; there before it is connected.</summary>
    IWhatsAppProvider Provider { get; }

    /// <summary>
    /// Starts connecting and returns at once. When it already tries, only a new <paramref name="pairingNumber"/> matters; when it is open, nothing
    /// happens.
    /// </summary>
    /// <param name="pairingNumber">Digits of the phone that will type a pairing code, or null for QR codes only.</param>
    Task ConnectAsync(string? pairingNumber, CancellationToken cancellationToken);

    /// <summary>
    /// Waits until there is something to show (a QR code, and the pairing code when one was asked for), a try to connect has failed or the state is no
    /// longer <see cref="ConnectionState.Connecting"/>, but no longer than <paramref name="limit"/>.
    /// </summary>
    Task WaitForQrCodeAsync(TimeSpan limit, CancellationToken cancellationToken);

    /// <summary>Closes the connection and opens a new one with the same identity.</summary>
    Task RestartAsync(CancellationToken cancellationToken);

    /// <summary>Removes this device from the account as far as WhatsApp can be reached, then wipes its credentials here.</summary>
    Task LogoutAsync(CancellationToken cancellationToken);

    /// <summary>Called after the instance's settings were stored: what can act at once (presence) does.</summary>
    Task ApplySettingsAsync(CancellationToken cancellationToken);
}
