using System.Security.Cryptography;
using System.Text.Json;
using CsCheck;
using Evolution.Protocol.Media;
using Evolution.Protocol.Tests.Vectors;
using Xunit;

namespace Evolution.Protocol.Tests.Media;

public sealed class MediaCipherTests
{
    private static readonly JsonElement Recorded = VectorFile.Read("media.json");

    public static TheoryData<int> Files => [.. Enumerable.Range(0, Recorded.GetProperty("files").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_peers_file_is_read_and_written_to_the_byte(int index)
    {
        var file = Recorded.GetProperty("files")[index];
        var kind = Enum.Parse<MediaKind>(file.Text("kind"));
        var key = file.Hex("mediaKey");

        var (plaintext, read) = Decrypt(key, kind, file.Hex("encrypted"), 7);
        var (encrypted, written) = Encrypt(key, kind, plaintext, 5);

        Assert.Equal(file.Hex("plaintext"), plaintext);
        Assert.Equal(file.Hex("encrypted"), encrypted);
        foreach (var digest in new[] { read, written })
        {
            Assert.Equal(file.Hex("sha256"), digest.Sha256.ToArray());
            Assert.Equal(file.Hex("encryptedSha256"), digest.EncryptedSha256.ToArray());
            Assert.Equal(plaintext.Length, digest.Length);
        }
    }

    [Fact]
    public void Any_file_cut_anywhere_comes_back_the_same() => Gen
        .Select(Gen.Byte.Array[0, 400], Gen.Int[1, 130], Gen.Int[1, 130], Gen.Enum<MediaKind>())
        .Sample((plaintext, writePiece, readPiece, kind) =>
        {
            var key = RandomNumberGenerator.GetBytes(MediaEncryptor.KeyLength);
            var (encrypted, written) = Encrypt(key, kind, plaintext, writePiece);
            var (back, read) = Decrypt(key, kind, encrypted, readPiece);
            return back.AsSpan().SequenceEqual(plaintext)
                && encrypted.Length == (plaintext.Length / 16 * 16) + MediaEncryptor.TailLength
                && written.Sha256.Span.SequenceEqual(SHA256.HashData(plaintext))
                && written.EncryptedSha256.Span.SequenceEqual(SHA256.HashData(encrypted))
                && read.Sha256.Span.SequenceEqual(written.Sha256.Span)
                && read.EncryptedSha256.Span.SequenceEqual(written.EncryptedSha256.Span);
        });

    [Fact]
    public void A_changed_bit_anywhere_is_noticed()
    {
        var key = RandomNumberGenerator.GetBytes(MediaEncryptor.KeyLength);
        var (encrypted, _) = Encrypt(key, MediaKind.Image, RandomNumberGenerator.GetBytes(70), 64);
        for (var i = 0; i < encrypted.Length; i++)
        {
            var changed = (byte[])encrypted.Clone();
            changed[i] ^= 1;
            Assert.Throws<MediaFormatException>(() => Decrypt(key, MediaKind.Image, changed, 64));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(25)]
    [InlineData(27)]
    [InlineData(41)]
    public void A_file_of_an_impossible_length_is_refused(int length) =>
        Assert.Throws<MediaFormatException>(() => Decrypt(new byte[32], MediaKind.Document, new byte[length], 16));

    [Fact]
    public void A_file_is_not_read_with_the_keys_of_another_kind()
    {
        var key = RandomNumberGenerator.GetBytes(MediaEncryptor.KeyLength);
        var (encrypted, _) = Encrypt(key, MediaKind.Image, [1, 2, 3], 16);
        Assert.Throws<MediaFormatException>(() => Decrypt(key, MediaKind.Video, encrypted, 16));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_key_of_another_length_is_refused(int length) =>
        Assert.Throws<MediaFormatException>(() => new MediaDecryptor(new byte[length], MediaKind.Image));

    [Fact]
    public void A_peers_request_to_upload_again_is_opened_and_bound_to_its_message()
    {
        var retry = Recorded.GetProperty("retry");
        var (key, nonce, sealed_, id) = (retry.Hex("mediaKey"), retry.Hex("nonce"), retry.Hex("sealed"), retry.Text("id"));

        var plaintext = MediaRetryBox.Open(key, nonce, id, sealed_);

        Assert.Equal(id, Proto.ServerErrorReceipt.Parser.ParseFrom(plaintext).StanzaId);
        Assert.Equal(sealed_, MediaRetryBox.Seal(key, nonce, id, plaintext));
        Assert.Throws<MediaFormatException>(() => MediaRetryBox.Open(key, nonce, id + "1", sealed_));
        Assert.Throws<MediaFormatException>(() => MediaRetryBox.Open(key, nonce.AsSpan(1), id, sealed_));
    }

    private static (byte[] Encrypted, MediaDigest Digest) Encrypt(byte[] key, MediaKind kind, byte[] plaintext, int piece)
    {
        using var encryptor = new MediaEncryptor(key, kind);
        using var encrypted = new MemoryStream();
        var output = new byte[MediaEncryptor.OutputLength(Math.Max(piece, MediaEncryptor.TailLength))];
        foreach (var part in plaintext.Chunk(piece))
            encrypted.Write(output, 0, encryptor.Append(part, output));
        var digest = encryptor.Finish(output);
        encrypted.Write(output, 0, MediaEncryptor.TailLength);
        return (encrypted.ToArray(), digest);
    }

    private static (byte[] Plaintext, MediaDigest Digest) Decrypt(byte[] key, MediaKind kind, byte[] encrypted, int piece)
    {
        using var decryptor = new MediaDecryptor(key, kind);
        using var plaintext = new MemoryStream();
        var output = new byte[MediaDecryptor.OutputLength(piece)];
        foreach (var part in encrypted.Chunk(piece))
            plaintext.Write(output, 0, decryptor.Append(part, output));
        var digest = decryptor.Finish(output, out var written);
        plaintext.Write(output, 0, written);
        return (plaintext.ToArray(), digest);
    }
}
