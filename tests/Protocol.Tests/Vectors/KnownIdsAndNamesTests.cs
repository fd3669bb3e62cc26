using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Signal;
using Xunit;

namespace Evolution.Protocol.Tests.Vectors;

/// <summary>
/// ids-and-names.json, the part that needs no client. Our addresses have no agents (<c>user_2</c>), and our message ids are random, so there is
/// nothing to compare them with.
/// </summary>
[Trait("Part", "vectors")]
public sealed class KnownIdsAndNamesTests
{
    private const string File = "ids-and-names.json";

    [Theory]
    [KnownCases(File, "jids", Only = nameof(HasOneServer))]
    public void An_address_is_read_and_normalised(KnownCase row)
    {
        var decoded = row.Json.GetProperty("decoded");
        var jid = Jid.Parse(row.Text("text"));
        var server = decoded.Text("server");
        var user = jid.Server == JidServers.Interop ? $"{jid.Integrator}-{jid.User}" : jid.User;
        Assert.Equal((decoded.Text("user"), server == "c.us" ? "s.whatsapp.net" : server), (user, jid.Server));
        Assert.Equal(decoded.TryGetProperty("device", out var device) ? device.GetInt32() : 0, jid.Device);
        // A device that Meta hosts is its person's device: we give the person, Baileys an address that nobody has.
        Assert.Equal(row.Text("normalised").Replace("@hosted.lid", "@lid", StringComparison.Ordinal).Replace("@hosted", "@s.whatsapp.net", StringComparison.Ordinal), jid.ToUser().ToString());

        if (server != "c.us" && jid.User.Length > 0)
            Assert.Equal(row.Json.GetProperty("is").EnumerateArray().Select(kind => kind.GetString()), Kinds(jid));
    }

    // We are stricter here than Baileys. A server alone is an address to us, because whatsmeow writes it so.
    [Theory]
    [KnownCases(File, "jids", Only = nameof(HasNoServerOrTwo))]
    public void What_has_no_server_or_two_is_no_address(KnownCase row) =>
        Assert.True(!Jid.TryParse(row.Text("text"), out var jid) || jid.ToString() == $"@{row.Text("text")}");

    [Theory]
    [KnownCases(File, "composed", Only = nameof(HasNoAgent))]
    public void An_address_is_written(KnownCase row)
    {
        var device = row.Has("device") ? (ushort)row.Json.Number("device") : (ushort)0;
        Assert.Equal(row.Text("text"), new Jid(row.Text("user"), row.Text("server"), device).ToString());
    }

    [Theory]
    [KnownCases(File, "transfer_device")]
    public void A_device_is_named_by_the_other_address_of_its_person(KnownCase row) =>
        Assert.Equal(row.Text("result"), Jid.Parse(row.Text("to")).WithDevice(Jid.Parse(row.Text("from")).Device).ToString());

    // Baileys takes a number and a LID of the same digits for one person; the file says itself that they are not.
    [Theory]
    [KnownCases(File, "same_user", Only = nameof(AreOfOneKind))]
    public void Two_addresses_are_of_one_person_or_not(KnownCase row) =>
        Assert.Equal(row.Json.GetProperty("same_user").GetBoolean(), Jid.Parse(row.Text("first")).ToUser() == Jid.Parse(row.Text("second")).ToUser());

    // c.us and s.whatsapp.net are one to us, so a bot's number is a bot with either.
    [Theory]
    [KnownCases(File, "bots", Only = nameof(IsNotWrittenAnew))]
    public void A_bot_is_known(KnownCase row) =>
        Assert.Equal(row.Json.GetProperty("bot_number").GetBoolean() || row.Json.GetProperty("meta_ai").GetBoolean(), Jid.Parse(row.Text("jid")).IsBot);

    // Baileys has no session with device 99 of a usual address, nor with the server; nothing of ours asks for one.
    [Theory]
    [KnownCases(File, "signal_addresses", Only = nameof(HasAddress))]
    public void A_device_has_its_Signal_address(KnownCase row) => Assert.Equal(row.Text("address"), Jid.Parse(row.Text("jid")).ToSignalAddress().ToString());

    [Theory]
    [KnownCases(File, "sender_key_names")]
    public void A_sender_key_is_named_by_group_and_device(KnownCase row)
    {
        var address = Jid.Parse(row.Text("jid")).ToSignalAddress();
        Assert.Equal(row.Text("key_name_in_the_libraries"), $"{row.Text("group")}::{address.Name}::{address.Device}");
    }

    [Theory]
    [KnownCases(File, "own")]
    public void Our_device_has_both_forms(KnownCase row)
    {
        foreach (var form in new[] { "pn", "lid" })
        {
            var device = Jid.Parse(row.Text($"{form}_device"));
            Assert.Equal(row.Text($"{form}_user"), device.ToUser().ToString());
            Assert.Equal(row.Text($"phone_{form}"), device.WithDevice(0).ToString());
            Assert.Equal(row.Text($"address_{form}"), device.ToSignalAddress().ToString());
            Assert.Equal(row.Text($"wire_{form}"), Convert.ToHexStringLower(NodeWriter.Encode(new Node("iq", new() { { "to", device } }))));
        }
    }

    [Theory]
    [KnownCases(File, "padding")]
    public void A_padded_message_is_read(KnownCase row)
    {
        var padded = row.Hex("padded");
        var count = ((row.Json.Number("random") & 15) + 1);
        Assert.Equal(padded[..^(int)count], MessagePadding.Unpad(padded).ToArray());
    }

    private static bool HasOneServer(KnownCase row) => row.Text("text").Split('@') is [_, { Length: > 0 }];

    private static bool HasNoServerOrTwo(KnownCase row) => !HasOneServer(row);

    private static bool HasNoAgent(KnownCase row) => !row.Has("agent");

    private static bool AreOfOneKind(KnownCase row) => Jid.Parse(row.Text("first")).IsLid == Jid.Parse(row.Text("second")).IsLid;

    private static bool IsNotWrittenAnew(KnownCase row) => !row.Text("jid").EndsWith("@s.whatsapp.net", StringComparison.Ordinal);

    private static bool HasAddress(KnownCase row) => row.Has("address") && !row.Text("jid").Contains('_', StringComparison.Ordinal);

    private static IEnumerable<string> Kinds(Jid jid)
    {
        if (jid is { IsPhone: true, IsHosted: false })
            yield return "isPnUser";
        if (jid is { IsLid: true, IsHosted: false })
            yield return "isLidUser";
        if (jid is { IsPhone: true, IsHosted: true })
            yield return "isHostedPnUser";
        if (jid is { IsLid: true, IsHosted: true })
            yield return "isHostedLidUser";
        if (jid.IsGroup)
            yield return "isJidGroup";
        if (jid.IsBroadcast)
            yield return "isJidBroadcast";
        if (jid.IsStatus)
            yield return "isJidStatusBroadcast";
        if (jid.IsNewsletter)
            yield return "isJidNewsletter";
        if (jid.IsBot)
            yield return "isJidMetaAI";
    }
}
