using System.Text.Json;
using Evolution.Client.Connection;
using Evolution.Client.Pairing;
using Evolution.Client.Stores;
using Evolution.Proto;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Signal;
using Evolution.Protocol.Tests.Vectors;
using Google.Protobuf;
using Xunit;

namespace Evolution.Client.Tests.Vectors;

/// <summary>pairing.json, the part that a client builds: its payload, its stanzas, what it says it is.</summary>
[Trait("Part", "vectors")]
public sealed class KnownPairingTests
{
    private const string File = "pairing.json";

    // The old form of the QR code has no client type.
    [Theory]
    [KnownCases(File, "qr", Only = nameof(HasClientType))]
    public void A_browser_has_its_client_type(KnownCase row)
    {
        var browser = row.Json.GetProperty("browser");
        Assert.Equal(row.Text("client_type"), CompanionPlatform.ClientType(browser[0].GetString()!, browser[1].GetString()!));
    }

    [Theory]
    [KnownCases(File, "pairing_code")]
    public void The_registration_payload_is_the_peers_to_the_byte(KnownCase row)
    {
        var registration = row.Json.GetProperty("registration");
        var companion = row.Json.GetProperty("companion");
        var signed = registration.GetProperty("signed_pre_key");
        var credentials = DeviceCredentials.Create(DateTimeOffset.UnixEpoch) with
        {
            NoiseKey = Pair(companion, "noise"),
            Identity = new IdentityKeys(Pair(companion, "identity"), registration.Number("registration_id")),
            SignedPreKey = new SignedPreKey(signed.Number("id"), KeyPair.Generate(), signed.Hex("signature")),
        };

        // Baileys asks for the full history unless it is told otherwise.
        var payload = ClientPayload.Parser.ParseFrom(
            ClientPayloads.Build(credentials, Options(row) with { SyncFullHistory = true }, WhatsAppVersion.Parse(registration.Text("version"))));

        // The file has no private half of the signed pre-key, of which a pair could be made.
        Assert.Equal(credentials.SignedPreKey.KeyPair.PublicKey.ToArray(), payload.DevicePairingData.ESkeyVal.ToByteArray());
        payload.DevicePairingData.ESkeyVal = ByteString.CopyFrom(signed.Hex("public"));
        Assert.Equal(registration.Text("client_payload"), Convert.ToHexStringLower(payload.ToByteArray()));
    }

    [Theory]
    [KnownCases(File, "pairing_code")]
    public void The_stanzas_of_linking_by_code_are_the_peers(KnownCase row)
    {
        var phone = Jid.ForPhone(row.Text("number"));
        var hello = NodeReader.Decode(row.Hex("companion_hello"));
        AssertSame(hello, PairingStanzas.CompanionHello(
            hello["id"]!, phone, row.Hex("wrapped_companion_ephemeral"), Pair(row.Json.GetProperty("companion"), "noise").PublicKey, Options(row)));

        var finish = NodeReader.Decode(row.Hex("companion_finish"));
        AssertSame(finish, PairingStanzas.CompanionFinish(
            finish["id"]!, phone, row.Hex("key_bundle"), Pair(row.Json.GetProperty("companion"), "identity").PublicKey,
            finish.Child("link_code_companion_reg")!.Child("link_code_pairing_ref")!.Bytes));
    }

    [Theory]
    [KnownCases(File, "adv", Only = nameof(IsAccepted))]
    public void The_answer_to_pair_success_is_the_peers(KnownCase row)
    {
        var reply = NodeReader.Decode(row.Hex("reply_node_bytes"));
        var pairSuccess = new Node("iq", new() { { "id", reply["id"] }, { "from", reply["to"] } });
        AssertSame(reply, PairingStanzas.Sign(pairSuccess, row.Hex("reply_device_identity"), uint.Parse(row.Text("reply_key_index"))));
    }

    private static bool HasClientType(KnownCase row) => row.Has("client_type");

    private static bool IsAccepted(KnownCase row) => row.Accepted == true;

    private static WhatsAppClientOptions Options(KnownCase row)
    {
        var browser = row.Json.GetProperty("registration").GetProperty("browser");
        return new WhatsAppClientOptions { OperatingSystem = browser[0].GetString()!, Browser = browser[1].GetString()! };
    }

    private static KeyPair Pair(JsonElement keys, string name) => KeyPair.FromPrivate(keys.GetProperty(name).Hex("private"));

    // The order of attributes says nothing; that of children may.
    private static void AssertSame(Node expected, Node actual) => Assert.Equal(Sorted(expected), Sorted(actual));

    private static string Sorted(Node node)
    {
        var attributes = string.Concat(node.Attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $" {pair.Key}={pair.Value}"));
        return node.Kind == NodeContentKind.Children
            ? $"<{node.Tag}{attributes}>{string.Concat(node.Children.Select(Sorted))}</>"
            : $"<{node.Tag}{attributes}>{Convert.ToHexStringLower(node.Bytes.Span)}</>";
    }
}
