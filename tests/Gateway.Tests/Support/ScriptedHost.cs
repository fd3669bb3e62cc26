using Evolution.Gateway.Instances;
using Evolution.Gateway.Providers;

namespace Evolution.Gateway.Tests.Support;

internal sealed class ScriptedHost : IInstanceHost
{
    public InstanceStatus Status { get; private set; } = InstanceStatus.Closed;

    public QrCode QrCode { get; private set; } = QrCode.None;

    public ScriptedProvider Provider { get; } = new();

    IWhatsAppProvider IInstanceHost.Provider => Provider;

    public List<string?> PairingNumbers { get; } = [];

    public int Restarts { get; private set; }

    public int SettingsApplied { get; private set; }

    public void Be(ConnectionState state) => Status = InstanceStatus.Closed with { State = state };

    public Task ConnectAsync(string? pairingNumber, CancellationToken cancellationToken)
    {
        PairingNumbers.Add(pairingNumber);
        if (Status.State == ConnectionState.Close)
            Be(ConnectionState.Connecting);
        QrCode = new QrCode(1, "https://wa.me/settings/linked_devices#2@ref,noise,identity,adv,1", pairingNumber is null ? null : "ABCD1234");
        return Task.CompletedTask;
    }

    public Task WaitForQrCodeAsync(TimeSpan limit, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task RestartAsync(CancellationToken cancellationToken)
    {
        Restarts++;
        return Task.CompletedTask;
    }

    public Task LogoutAsync(CancellationToken cancellationToken)
    {
        Be(ConnectionState.Close);
        QrCode = QrCode.None;
        return Task.CompletedTask;
    }

    public Task ApplySettingsAsync(CancellationToken cancellationToken)
    {
        SettingsApplied++;
        return Task.CompletedTask;
    }
}
