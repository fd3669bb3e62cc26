using System.Globalization;
using System.Security.Cryptography;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Pairing;
using Evolution.Protocol.Secrets;
using Xunit;

namespace Evolution.Protocol.Tests.Vectors;

/// <summary>secrets.json, the part that needs no client: what answers to a message, hashes of device lists, key index lists.</summary>
[Trait("Part", "vectors")]
public sealed class KnownSecretsTests
{
    private const string File = "secrets.json";

    // Bots are not ours yet: their key takes one derivation more.
    [Theory]
    [KnownCases(File, "secrets", Only = nameof(IsNoBots))]
    public void An_answer_is_sealed_and_opened(KnownCase row)
    {
        var box = Box(row);
        Assert.Equal(row.Text("key"), Convert.ToHexStringLower(box.DeriveKey(row.Hex("secret"))));
        Assert.Equal(row.Text("ciphertext"), Convert.ToHexStringLower(box.Seal(row.Hex("secret"), row.Hex("iv"), row.Hex("plaintext"))));
        Assert.Equal(row.Hex("plaintext"), box.Open(row.Hex("secret"), row.Hex("iv"), row.Hex("ciphertext")));
    }

    [Theory]
    [KnownCases(File, "refuse", Only = nameof(IsNoBots))]
    public void An_answer_for_something_else_stays_shut(KnownCase row) =>
        Assert.ThrowsAny<CryptographicException>(() => Box(row).Open(row.Hex("secret"), row.Hex("iv"), row.Hex("ciphertext")));

    // We write agent 0 for everybody. Others write a hosted device with 128, and rust its own devices by LID with 1.
    [Theory]
    [KnownCases(File, "phash", Only = nameof(HasNoAgents))]
    public void A_list_of_devices_has_its_hash(KnownCase row) =>
        Assert.Equal(row.Text("phash"), DeviceListHash.Of(row.Json.GetProperty("list").EnumerateArray().Select(text => Device(text.GetString()!))));

    [Theory]
    [KnownCases(File, "key_index_lists")]
    public void A_key_index_list_is_judged(KnownCase row)
    {
        var valid = KeyIndexList.TryParse(row.Hex("signed"), row.Hex("account_key"), out var list);
        Assert.Equal(row.Json.GetProperty("valid").GetBoolean(), valid);
        if (valid)
            Assert.Equal(row.Json.GetProperty("valid_indexes").EnumerateArray().Select(index => index.GetUInt32()), list!.ValidIndexes);
    }

    private static bool IsNoBots(KnownCase row) => row.Text("type") != "Bot Message";

    private static bool HasNoAgents(KnownCase row) =>
        row.Json.GetProperty("list").EnumerateArray().All(text => text.GetString()!.Contains(".0:", StringComparison.Ordinal));

    private static MessageSecretBox Box(KnownCase row) => new(
        row.Text("message_id"), Jid.Parse(row.Text("original_sender")), Jid.Parse(row.Text("modification_sender")), row.Text("type"));

    // user.agent:device@server
    private static Jid Device(string text)
    {
        var parts = text.Split('.', ':', '@');
        Assert.Equal("0", parts[1]);
        return new Jid(parts[0], text[(text.IndexOf('@', StringComparison.Ordinal) + 1)..], ushort.Parse(parts[2], CultureInfo.InvariantCulture));
    }
}
