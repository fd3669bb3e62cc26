using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Pairing;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Server;
using Google.Protobuf;
using Account = Evolution.Simulator.Accounts.Account;

namespace Evolution.Simulator.Pairing;

/// <summary>Makes a companion a device of an account: gives it an identity and a number, and checks its signature. Source: Baileys src/Utils/validate-connection.ts, whatsmeow pair.go.</summary>
internal sealed class CompanionLinking(SimulatedWorld world)
{
    private static readonly TimeSpan s_answerLimit = TimeSpan.FromSeconds(20);

    /// <summary>Links the companion. Returns once it is linked and told to come back.</summary>
    /// <param name="advSecret">What the companion has shown or sealed for the phone alone.</param>
    /// <exception cref="PairingFailedException">It is being linked already, refused, or answered wrongly.</exception>
    public async Task<Device> LinkAsync(Account account, PairingOffer offer, ReadOnlyMemory<byte> advSecret, CancellationToken ct)
    {
        if (!offer.TryClaim())
            throw new PairingFailedException(PairingFailure.Expired, "This companion is being linked already.");
        var connection = offer.Connection;
        var number = account.TakeDeviceNumber();
        var details = new ADVDeviceIdentity
        {
            RawId = account.RawId,
            Timestamp = (ulong)world.UnixNow(),
            KeyIndex = number,
            AccountType = ADVEncryptionType.E2Ee,
            DeviceType = ADVEncryptionType.E2Ee,
        };
        var issued = DeviceIdentity.Issue(account.SigningKey, offer.Identity.Span, details, advSecret.Span);
        var answer = await connection.QueryAsync(PairSuccess(connection, account, number, issued), s_answerLimit, ct).ConfigureAwait(false);
        if (answer["type"] == "error")
        {
            var text = answer.Child("error")?["text"];
            world.Violations.Report("pairing-refused", $"The companion refused a good pair-success: {text}.");
            throw new PairingFailedException(PairingFailure.Rejected, $"The companion refused: {text}.");
        }

        var device = new Device(account, number)
        {
            RegistrationId = offer.RegistrationId,
            Identity = offer.Identity,
            NoiseKey = connection.NoiseKey,
            SignedPreKey = offer.SignedPreKey,
            Adv = Verify(account, offer, issued, number, answer),
            KeyIndex = number,
            Platform = $"{offer.Props.Os} ({offer.Props.PlatformType})",
            LinkedAt = world.Time.GetUtcNow(),
        };
        await world.Links.AddAsync(device).ConfigureAwait(false);
        if (world.Options.PairSuccessDelay > TimeSpan.Zero)
            await Task.Delay(world.Options.PairSuccessDelay, world.Time, ct).ConfigureAwait(false);
        connection.Finish(NodeExtensions.StreamError(515), "linked; the companion comes back to log in");
        return device;
    }

    private static Node PairSuccess(ServerConnection connection, Account account, ushort number, byte[] identity) =>
        new("iq", new NodeAttributes { { "from", Jid.WhatsAppServer }, { "type", "set" }, { "id", connection.NextId() }, { "xmlns", "md" } },
        [
            new Node("pair-success", null,
            [
                new Node("device-identity", null, identity),
                new Node("platform", new NodeAttributes { { "name", "android" } }),
                new Node("device", new NodeAttributes { { "jid", new Jid(account.Number, JidServers.Phone, number) }, { "lid", new Jid(account.LidUser, JidServers.Lid, number) } }),
            ]),
        ]);

    /// <summary>The identity with both signatures, account key included; throws when the companion's does not hold.</summary>
    private byte[] Verify(Account account, PairingOffer offer, byte[] issued, ushort keyIndex, Node answer)
    {
        var node = answer.Child("pair-device-sign")?.Child("device-identity");
        var signed = ADVSignedDeviceIdentity.Parser.ParseFrom((node?.Bytes ?? default).Span);
        var given = ADVSignedDeviceIdentity.Parser.ParseFrom(ADVSignedDeviceIdentityHMAC.Parser.ParseFrom(issued).Details);
        var problem = node?["key-index"] != keyIndex.ToString() ? "the key index differs"
            : !signed.Details.Equals(given.Details) ? "the details differ from those issued"
            : !signed.AccountSignature.Equals(given.AccountSignature) ? "the account signature differs"
            : !DeviceIdentity.Verify(signed.ToByteArray(), offer.Identity.Span, account.SigningKey.PublicKey.Span)
                ? "the device signature does not hold"
            : null;
        if (problem is not null)
        {
            world.Violations.Report("bad-pair-device-sign", "The answer to pair-success is wrong: " + problem + ".");
            offer.Connection.Finish(NodeExtensions.StreamError(401), "a bad device signature");
            throw new PairingFailedException(PairingFailure.Rejected, "The companion's answer is wrong: " + problem + ".");
        }

        signed.AccountSignatureKey = given.AccountSignatureKey;
        return signed.ToByteArray();
    }
}
