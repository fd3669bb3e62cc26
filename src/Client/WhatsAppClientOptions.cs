using System.Net;
using Evolution.Protocol.Noise;

namespace Evolution.Client;

/// <summary>How one device presents itself and connects.</summary>
public sealed record WhatsAppClientOptions
{
    /// <summary>Where to connect. Default: the real WhatsApp.</summary>
    public Uri WebSocketUrl { get; init; } = new("wss://web.whatsapp.com/ws/chat");

    /// <summary>The root key the server's certificate must lead to. Default: WhatsApp's.</summary>
    public NoiseRoot NoiseRoot { get; init; } = NoiseRoot.WhatsApp;

    /// <summary>A proxy for the WebSocket; default none, not even the system's.</summary>
    public IWebProxy? Proxy { get; init; }

    /// <summary>Makes the HTTP handler for media hosts, once for a client, which disposes it; it must use the proxy where one is wanted. Null: the system's trust, and <see cref="Proxy"/>.</summary>
    public Func<HttpMessageHandler>? MediaHandler { get; init; }

    /// <summary>The folder for files on their way to and from the media hosts; made when missing. Default: the system's for temporary files.</summary>
    public string SpoolFolder { get; init; } = Path.GetTempPath();

    /// <summary>The WhatsApp Web version to claim.</summary>
    public WhatsAppVersion Version { get; init; } = WhatsAppVersion.BuiltIn;

    /// <summary>Asked once when the server calls the version outdated; null or the same version means there is no newer one. Limited to 10 s.</summary>
    public Func<CancellationToken, Task<WhatsAppVersion?>>? RefreshVersion { get; init; }

    /// <summary>The operating system shown in the phone's list of linked devices, such as <c>Mac OS</c>. Never change it for a paired device.</summary>
    public string OperatingSystem { get; init; } = "Mac OS";

    /// <summary>The browser to be: <c>Chrome</c>, <c>Edge</c>, <c>Firefox</c>, <c>Opera</c>, <c>Safari</c> or <c>Desktop</c>.</summary>
    public string Browser { get; init; } = "Chrome";

    /// <summary>Two-letter country code of the claimed locale.</summary>
    public string CountryCode { get; init; } = "US";

    /// <summary>Whether to ask the phone for its full history when pairing. Default false: the recent part.</summary>
    public bool SyncFullHistory { get; init; }

    /// <summary>Whether to appear online after login, which ends the phone's own notifications. Default true, as Baileys.</summary>
    public bool MarkOnlineOnConnect { get; init; } = true;

    /// <summary>How long each QR code lives. Default: 60 s the first and 20 s each further one, as WhatsApp Web.</summary>
    public TimeSpan? QrLifetime { get; init; }

    /// <summary>How many QR codes are issued before the client gives up, over all connections since the start. Default: those of one connection (six).</summary>
    public int? QrLimit { get; init; }
}
