using Evolution.Client.Stores;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.Instances;
using Evolution.Storage.Instances;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>The rows that tell of an instance's connection.</summary>
internal sealed class ConnectionEvents(EventRows events, DeviceOptions device, TimeProvider time)
{
    private const int ReasonFine = 200;
    private const int ReasonClosed = 428;
    private const string Refused = "refused";

    public IEnumerable<IAttachedWrite> Connecting() =>
        [new ConnectionUpdate { Status = "connecting" }, .. Update("connecting", ReasonFine, null)];

    /// <param name="account">Who has logged in.</param>
    /// <param name="picture">Address of his picture, when known.</param>
    public IEnumerable<IAttachedWrite> Open(OwnAccount account, string? picture) =>
        [new ConnectionUpdate { Status = "open", OwnerJid = account.Phone.ToString(), ProfileName = account.PushName }, .. Update("open", ReasonFine, account, picture)];

    /// <summary>The name that the account shows to others has become known.</summary>
    public static IEnumerable<IAttachedWrite> Named(string name) => [new ConnectionUpdate { ProfileName = name }];

    /// <summary>The device was linked: from now on the instance is this account's.</summary>
    public static IEnumerable<IAttachedWrite> Paired(OwnAccount account) =>
        [new ConnectionUpdate { OwnerJid = account.Phone.ToString(), ProfileName = account.PushName }];

    /// <summary>An end after which nothing is tried any more, the identity being kept.</summary>
    public IEnumerable<IAttachedWrite> Closed(int code, string reason) =>
        [new ConnectionUpdate { Status = "close", Disconnection = End(code, reason) }, .. Update("close", code, null)];

    public IEnumerable<IAttachedWrite> LoggedOut(int code, string reason)
    {
        var end = End(code, reason);
        return
        [
            new ConnectionUpdate { Status = "close", ClearsOwner = true, Disconnection = end },
            .. events.Of(EventNames.StatusInstance, writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("instance", events.Instance.Name);
                writer.WriteString("status", "closed");
                writer.WriteString("disconnectionAt", WireJson.Time(end.At));
                writer.WriteNumber("disconnectionReasonCode", code);
                writer.WriteString("disconnectionObject", end.Object);
                writer.WriteEndObject();
            }),
            .. events.Of(EventNames.LogoutInstance, writer => writer.WriteNullValue()),
            .. Update("close", code, null),
        ];
    }

    public IEnumerable<IAttachedWrite> QrCode(QrCode code) => events.Of(EventNames.QrCodeUpdated, writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartObject("qrcode");
        writer.WriteString("instance", events.Instance.Name);
        writer.WriteStringOrNull("pairingCode", code.PairingCode);
        writer.WriteString("code", code.Text);
        writer.WriteString("base64", QrCodeImage.DataUrl(code.Text!, device.QrCodeColor));
        writer.WriteEndObject();
        writer.WriteEndObject();
    });

    public IEnumerable<IAttachedWrite> QrCodesExhausted() =>
    [
        new ConnectionUpdate { Status = "close" },
        .. events.Of(EventNames.QrCodeUpdated, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("message", "QR code limit reached, please login again");
            writer.WriteNumber("statusCode", 500);
            writer.WriteEndObject();
        }),
        .. Update(Refused, ReasonClosed, null),
    ];

    private IReadOnlyList<IAttachedWrite> Update(string state, int reason, OwnAccount? account, string? picture = null) => events.Of(EventNames.ConnectionUpdate, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("instance", events.Instance.Name);
        if (account is not null)
        {
            writer.WriteString("wuid", account.Phone.ToString());
            if (account.PushName is not null)
                writer.WriteString("profileName", account.PushName);
        }

        if (account is not null || state == Refused)
            writer.WriteStringOrNull("profilePictureUrl", picture);
        writer.WriteString("state", state);
        writer.WriteNumber("statusReason", reason);
        writer.WriteEndObject();
    });

    private Disconnection End(int code, string reason)
    {
        var now = time.GetUtcNow();
        return new Disconnection(code, DisconnectionObject(code, reason, now), now);
    }

    // A JSON text inside the JSON, shaped like the error that the reference's library throws.
    private static string DisconnectionObject(int code, string reason, DateTimeOffset now) => System.Text.Encoding.UTF8.GetString(WireJson.Bytes(writer =>
    {
        writer.WriteStartObject();
        writer.WriteStartObject("error");
        writer.WriteStartObject("data");
        writer.WriteString("reason", code.ToString());
        writer.WriteEndObject();
        writer.WriteBoolean("isBoom", true);
        writer.WriteBoolean("isServer", code >= 500);
        writer.WriteStartObject("output");
        writer.WriteNumber("statusCode", code);
        writer.WriteStartObject("payload");
        writer.WriteNumber("statusCode", code);
        writer.WriteString("error", reason);
        writer.WriteString("message", reason);
        writer.WriteEndObject();
        writer.WriteStartObject("headers");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteString("date", WireJson.Time(now));
        writer.WriteEndObject();
    }).Span);
}
