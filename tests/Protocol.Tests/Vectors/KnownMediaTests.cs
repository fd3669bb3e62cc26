using System.Globalization;
using System.Text.RegularExpressions;
using Evolution.Protocol.Media;
using Evolution.Protocol.Nodes;
using Xunit;

namespace Evolution.Protocol.Tests.Vectors;

/// <summary>media.json: keys, files, and asking the phone to upload again. Reading a part of a file is not ours, nor are thumbnails as files.</summary>
[Trait("Part", "vectors")]
public sealed partial class KnownMediaTests
{
    private const string File = "media.json";

    private static readonly Dictionary<string, MediaKind> Kinds = new()
    {
        ["WhatsApp Image Keys"] = MediaKind.Image,
        ["WhatsApp Video Keys"] = MediaKind.Video,
        ["WhatsApp Audio Keys"] = MediaKind.Audio,
        ["WhatsApp Document Keys"] = MediaKind.Document,
        ["WhatsApp History Keys"] = MediaKind.History,
    };

    [Theory]
    [KnownCases(File, "keys", Only = nameof(IsOurs))]
    public void A_media_key_gives_its_keys(KnownCase row)
    {
        var keys = MediaKeys.Derive(row.Hex("media_key"), Kinds[row.Text("info")]);
        Assert.Equal(row.Hex("iv"), keys.Iv.ToArray());
        Assert.Equal(row.Hex("cipher_key"), keys.CipherKey.ToArray());
        Assert.Equal(row.Hex("mac_key"), keys.MacKey.ToArray());
    }

    [Theory]
    [KnownCases(File, "files", Only = nameof(IsOurs))]
    public void A_file_is_written_and_read(KnownCase row)
    {
        var kind = Kinds[row.Text("info")];
        var plaintext = Plaintext(row);

        var (file, written) = Encrypt(row.Hex("media_key"), kind, plaintext);
        AssertAnnounced(row, written);
        Assert.Equal(row.Hex("mac"), file[^MediaKeys.MacLength..]);
        if (row.Has("file"))
            Assert.Equal(row.Hex("file"), file);

        var (back, read) = Decrypt(row.Hex("media_key"), kind, file);
        AssertAnnounced(row, read);
        Assert.Equal(plaintext, back);
    }

    [Theory]
    [KnownCases(File, "refuse", Only = nameof(IsOfOurs))]
    public void A_file_that_is_not_the_announced_one_shows(KnownCase row)
    {
        var of = Original(row.Text("of"));
        MediaDigest? digest = null;
        var error = Record.Exception(() => (_, digest) = Decrypt(of.Hex("media_key"), Kinds[of.Text("info")], row.Hex("file")));
        if (error is not null || row.Text("expect") == "refuse: MAC")
        {
            Assert.IsType<MediaFormatException>(error);
            return;
        }

        // The keys hold; whoever downloads compares the digest with the message.
        KnownCase Announces(string name) => row.Has(name) ? row : of;
        var same = digest!.Sha256.Span.SequenceEqual(Announces("file_sha256").Hex("file_sha256"))
            && digest.EncryptedSha256.Span.SequenceEqual(Announces("file_enc_sha256").Hex("file_enc_sha256"))
            && digest.Length == long.Parse(Announces("file_length").Text("file_length"), CultureInfo.InvariantCulture);
        Assert.False(same, $"{row} is taken for the announced file.");
    }

    [Theory]
    [KnownCases(File, "retry")]
    public void A_request_to_upload_again_and_its_answer_are_sealed_and_opened(KnownCase row)
    {
        var (key, iv, id) = (row.Hex("media_key"), row.Hex("enc_iv"), row.Text("message_id"));
        Assert.Equal(row.Hex("enc_p"), MediaRetryBox.Seal(key, iv, id, row.Hex("plaintext")));
        Assert.Equal(row.Hex("plaintext"), MediaRetryBox.Open(key, iv, id, row.Hex("enc_p")));
        if (row.Has("result"))
        {
            var answer = Proto.MediaRetryNotification.Parser.ParseFrom(row.Hex("plaintext"));
            Assert.Equal((id, row.Json.GetProperty("result").GetInt32()), (answer.StanzaId, (int)answer.Result));
            Assert.Equal(row.Has("direct_path") ? row.Text("direct_path") : "", answer.DirectPath);
        }

        if (row.Has("node_bytes"))
        {
            var encrypt = NodeReader.Decode(row.Hex("node_bytes")).Child("encrypt")!;
            Assert.Equal(row.Hex("enc_p"), encrypt.Child("enc_p")!.Bytes.ToArray());
            Assert.Equal(iv, encrypt.Child("enc_iv")!.Bytes.ToArray());
        }
    }

    private static bool IsOurs(KnownCase row) => Kinds.ContainsKey(row.Text("info"));

    private static bool IsOfOurs(KnownCase row) => IsOurs(Original(row.Text("of")));

    private static KnownCase Original(string name) => KnownVectors.Value(File, "files").EnumerateArray()
        .Select((json, i) => new KnownCase(File, "files", i + 1, json)).Single(row => row.Name == name);

    private static void AssertAnnounced(KnownCase row, MediaDigest digest)
    {
        Assert.Equal(row.Hex("file_sha256"), digest.Sha256.ToArray());
        Assert.Equal(row.Hex("file_enc_sha256"), digest.EncryptedSha256.ToArray());
        Assert.Equal(row.Text("file_length"), digest.Length.ToString(CultureInfo.InvariantCulture));
    }

    private static byte[] Plaintext(KnownCase row)
    {
        if (row.Has("plaintext"))
            return row.Hex("plaintext");
        var rule = Rule().Match(row.Text("plaintext_rule"));
        Assert.True(rule.Success, $"{row} has a new rule.");
        var plaintext = new byte[int.Parse(rule.Groups["length"].Value, CultureInfo.InvariantCulture)];
        for (var i = 0; i < plaintext.Length; i++)
            plaintext[i] = (byte)((i * 31) + (i >> 8));
        return plaintext;
    }

    private static (byte[] File, MediaDigest Digest) Encrypt(byte[] key, MediaKind kind, byte[] plaintext)
    {
        using var encryptor = new MediaEncryptor(key, kind);
        var output = new byte[MediaEncryptor.OutputLength(plaintext.Length) + MediaEncryptor.TailLength];
        var length = encryptor.Append(plaintext, output);
        var digest = encryptor.Finish(output.AsSpan(length));
        return (output[..(length + MediaEncryptor.TailLength)], digest);
    }

    private static (byte[] Plaintext, MediaDigest Digest) Decrypt(byte[] key, MediaKind kind, byte[] file)
    {
        using var decryptor = new MediaDecryptor(key, kind);
        var output = new byte[MediaDecryptor.OutputLength(file.Length) + MediaKeys.BlockLength];
        var length = decryptor.Append(file, output);
        var digest = decryptor.Finish(output.AsSpan(length), out var written);
        return (output[..(length + written)], digest);
    }

    [GeneratedRegex(@"^(?<length>[0-9]+) bytes, byte i = \(i \* 31 \+ \(i >> 8\)\) & 255$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rule();
}
