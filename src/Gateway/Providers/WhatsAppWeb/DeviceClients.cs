using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Evolution.Client;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Media;
using Evolution.Protocol.Noise;
using Evolution.Storage.Database;
using Evolution.Storage.Instances;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>Makes the client of an instance: takes the instance over, so that no earlier owner can write, and points it where the settings say.</summary>
internal sealed class DeviceClients(
    SqliteDatabase database, DeviceStoreFactory stores, InstanceOwnership ownership, DeviceOptions device, WebVersions versions, MediaFolders folders,
    TimeProvider time, ILoggerFactory loggers)
{
    // Evolution shows each code for 45 s; clients poll in that rhythm.
    private static readonly TimeSpan QrLifetime = TimeSpan.FromSeconds(45);

    public async Task<WhatsAppClient> CreateAsync(Instance instance, WhatsAppEventHandler handler, CancellationToken cancellationToken)
    {
        var fence = await ownership.AcquireAsync(instance.Id, cancellationToken);
        return new WhatsAppClient(Options(instance), stores(database, fence), handler, time, loggers);
    }

    private WhatsAppClientOptions Options(Instance instance)
    {
        var defaults = new WhatsAppClientOptions();
        return defaults with
        {
            WebSocketUrl = device.WebSocketUrl ?? defaults.WebSocketUrl,
            NoiseRoot = device.NoiseRootKey is { } key ? new NoiseRoot(key) : defaults.NoiseRoot,
            MediaHandler = device.MediaCaPem is null ? null : MediaHandler,
            SpoolFolder = folders.Spool,
            Version = versions.Current,
            RefreshVersion = versions.RefreshAsync,
            OperatingSystem = device.Name,
            Browser = device.Browser,
            SyncFullHistory = instance.Settings.SyncFullHistory,
            MarkOnlineOnConnect = instance.Settings.AlwaysOnline,
            QrLifetime = QrLifetime,
            QrLimit = device.QrCodeLimit,
        };
    }

    // Trusts the given authority and no other.
    private SocketsHttpHandler MediaHandler() => new()
    {
        SslOptions = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { X509Certificate2.CreateFromPem(device.MediaCaPem) },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        },
    };
}
