using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Evolution.Client.Stores;
using Evolution.Proto;
using Google.Protobuf;

namespace Evolution.Client.Connection;

/// <summary>What the handshake carries: registration without an identity, login with one (Baileys, src/Utils/validate-connection.ts).</summary>
internal static class ClientPayloads
{
    public static byte[] Build(DeviceCredentials credentials, WhatsAppClientOptions options, WhatsAppVersion version) =>
        (credentials.IsPaired ? Login(credentials, options, version) : Registration(credentials, options, version)).ToByteArray();

    private static ClientPayload Login(DeviceCredentials credentials, WhatsAppClientOptions options, WhatsAppVersion version)
    {
        var device = credentials.Device!.Value;
        var payload = Shared(options, version);
        payload.Passive = true;
        payload.Pull = true;
        payload.Username = ulong.Parse(device.User, NumberStyles.None, CultureInfo.InvariantCulture);
        payload.Device = device.Device;
        payload.LidDbMigrated = false;
        return payload;
    }

    private static ClientPayload Registration(DeviceCredentials credentials, WhatsAppClientOptions options, WhatsAppVersion version)
    {
        var payload = Shared(options, version);
        payload.Passive = false;
        payload.Pull = false;
        payload.DevicePairingData = new ClientPayload.Types.DevicePairingRegistrationData
        {
            // MD5 is what the server compares; nothing rests on its strength.
            BuildHash = ByteString.CopyFrom(MD5.HashData(Encoding.ASCII.GetBytes(version.ToString()))),
            DeviceProps = DeviceProps(options).ToByteString(),
            ERegid = BigEndian(credentials.Identity.RegistrationId, 4),
            EKeytype = ByteString.CopyFrom(5),
            EIdent = ByteString.CopyFrom(credentials.Identity.KeyPair.PublicKey.Span),
            ESkeyId = BigEndian(credentials.SignedPreKey.Id, 3),
            ESkeyVal = ByteString.CopyFrom(credentials.SignedPreKey.KeyPair.PublicKey.Span),
            ESkeySig = ByteString.CopyFrom(credentials.SignedPreKey.Signature.Span),
        };
        return payload;
    }

    private static ClientPayload Shared(WhatsAppClientOptions options, WhatsAppVersion version) => new()
    {
        ConnectType = ClientPayload.Types.ConnectType.WifiUnknown,
        ConnectReason = ClientPayload.Types.ConnectReason.UserActivated,
        UserAgent = new ClientPayload.Types.UserAgent
        {
            AppVersion = new ClientPayload.Types.UserAgent.Types.AppVersion
            {
                Primary = version.Primary,
                Secondary = version.Secondary,
                Tertiary = version.Tertiary,
            },
            Platform = ClientPayload.Types.UserAgent.Types.Platform.Web,
            ReleaseChannel = ClientPayload.Types.UserAgent.Types.ReleaseChannel.Release,
            OsVersion = "0.1",
            Device = "Desktop",
            OsBuildNumber = "0.1",
            LocaleLanguageIso6391 = "en",
            Mnc = "000",
            Mcc = "000",
            LocaleCountryIso31661Alpha2 = options.CountryCode,
        },
        WebInfo = new ClientPayload.Types.WebInfo { WebSubPlatform = SubPlatform(options) },
    };

    private static ClientPayload.Types.WebInfo.Types.WebSubPlatform SubPlatform(WhatsAppClientOptions options) =>
        (options.SyncFullHistory, options.Browser, options.OperatingSystem) switch
        {
            (true, "Desktop", "Mac OS") => ClientPayload.Types.WebInfo.Types.WebSubPlatform.Darwin,
            (true, "Desktop", "Windows") => ClientPayload.Types.WebInfo.Types.WebSubPlatform.Win32,
            _ => ClientPayload.Types.WebInfo.Types.WebSubPlatform.WebBrowser,
        };

    private static DeviceProps DeviceProps(WhatsAppClientOptions options) => new()
    {
        Os = options.OperatingSystem,
        PlatformType = PlatformOf(options.Browser),
        RequireFullSync = options.SyncFullHistory,
        HistorySyncConfig = new DeviceProps.Types.HistorySyncConfig
        {
            StorageQuotaMb = 10240,
            InlineInitialPayloadInE2EeMsg = true,
            SupportCallLogHistory = false,
            SupportBotUserAgentChatHistory = true,
            SupportCagReactionsAndPolls = true,
            SupportBizHostedMsg = true,
            SupportRecentSyncChunkMessageCountTuning = true,
            SupportHostedGroupMsg = true,
            SupportFbidBotChatHistory = true,
            SupportMessageAssociation = true,
            SupportGroupHistory = false,
        },
        Version = new DeviceProps.Types.AppVersion { Primary = 10, Secondary = 15, Tertiary = 7 },
    };

    private static DeviceProps.Types.PlatformType PlatformOf(string browser) =>
        Enum.TryParse<DeviceProps.Types.PlatformType>(browser, ignoreCase: true, out var platform) ? platform : Proto.DeviceProps.Types.PlatformType.Chrome;

    internal static ByteString BigEndian(uint value, int bytes)
    {
        Span<byte> all = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(all, value);
        return ByteString.CopyFrom(all[(4 - bytes)..]);
    }
}
