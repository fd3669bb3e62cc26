using System.Security.Cryptography;
using System.Text;
using Evolution.Proto;
using Evolution.Protocol.Crypto;
using Evolution.Simulator.Media;
using Evolution.Simulator.Store;
using Google.Protobuf;

namespace Evolution.Simulator.Tests.Media;

public sealed class ReceivedMediaTests
{
    [Theory]
    [InlineData("image", "WhatsApp Image Keys")]
    [InlineData("sticker", "WhatsApp Image Keys")]
    [InlineData("video", "WhatsApp Video Keys")]
    [InlineData("ptv", "WhatsApp Video Keys")]
    [InlineData("audio", "WhatsApp Audio Keys")]
    [InlineData("document", "WhatsApp Document Keys")]
    public void A_file_s_key_is_derived_for_its_kind(string kind, string info)
    {
        var file = MediaFile.Encrypt("content"u8, ReceivedMedia.KeyKind(kind));

        var derived = Hkdf.Derive(file.Key, 112, default, Encoding.ASCII.GetBytes(info));

        Assert.Equal("content"u8.ToArray(), AesCbcBox.Decrypt(derived.AsSpan(16, 32), derived.AsSpan(0, 16), file.Encrypted.AsSpan(0, file.Encrypted.Length - 10)));
    }

    [Theory]
    [InlineData("none", null)]
    [InlineData("missing", "does not have it")]
    [InlineData("bytes", "hash of the encrypted file")]
    [InlineData("mac", "MAC")]
    [InlineData("hash", "hash of the file")]
    [InlineData("length", "length")]
    public async Task A_file_that_does_not_hold_is_a_violation_that_says_why(string damage, string? problem)
    {
        await using var simulator = await TestSimulator.StartAsync();
        var file = MediaFile.Encrypt("content"u8, "Image");
        var encrypted = file.Encrypted.ToArray();
        if (damage is "bytes" or "mac")
            encrypted[^1] ^= 1;
        var writes = new Writes();
        var path = simulator.World.Media.Keep(writes, encrypted);
        if (damage != "missing")
            await simulator.World.Store.CommitAsync(writes);
        var message = new Message
        {
            ImageMessage = new Message.Types.ImageMessage
            {
                DirectPath = path,
                MediaKey = ByteString.CopyFrom(file.Key),
                FileSha256 = ByteString.CopyFrom(damage == "hash" ? new byte[32] : file.Sha256),
                FileEncSha256 = ByteString.CopyFrom(damage == "mac" ? SHA256.HashData(encrypted) : file.EncryptedSha256),
                FileLength = (ulong)file.Length + (damage == "length" ? 1u : 0),
            },
        };

        var finding = new ReceivedMedia(simulator.World).Check(message, "M1");

        Assert.NotNull(finding);
        if (problem is null)
            Assert.Null(finding.Problem);
        else
            Assert.Contains(problem, finding.Problem, StringComparison.Ordinal);
        Assert.Equal(problem is null ? 0 : 1, simulator.World.Violations.Snapshot().Count(v => v is { Code: "bad-media", StanzaId: "M1" }));
    }
}
