using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.RegularExpressions;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Framing;
using Evolution.Protocol.Noise;
using Xunit;

namespace Evolution.Protocol.Tests.Vectors;

/// <summary>The frames of a connection in the known-answer files. A long one is given by a rule and a hash.</summary>
internal static partial class KnownFrames
{
    public static byte[] Framed(ReadOnlySpan<byte> payload)
    {
        var output = new ArrayBufferWriter<byte>();
        FrameWriter.WriteFrame(output, payload);
        return output.WrittenSpan.ToArray();
    }

    public static void AssertWritten(NoiseCipher cipher, JsonElement frames)
    {
        foreach (var frame in frames.EnumerateArray())
            AssertCiphertext(frame, cipher.Encrypt(Plaintext(frame)));
    }

    /// <param name="key">The key of the direction that is read: makes the ciphertext of a frame of which only the hash is given.</param>
    public static void AssertRead(NoiseCipher cipher, JsonElement frames, byte[] key)
    {
        foreach (var frame in frames.EnumerateArray())
        {
            var ciphertext = frame.TryGetProperty("ciphertext", out _) ? frame.Hex("ciphertext") : Sealed(frame, key);
            Assert.Equal(Plaintext(frame), cipher.Decrypt(ciphertext));
        }
    }

    private static byte[] Sealed(JsonElement frame, byte[] key)
    {
        var nonce = new byte[12];
        NoiseState.Nonce(nonce, frame.Number("n"));
        var ciphertext = AesGcmBox.Seal(key, nonce, Plaintext(frame));
        AssertCiphertext(frame, ciphertext);
        return ciphertext;
    }

    private static void AssertCiphertext(JsonElement frame, byte[] ciphertext)
    {
        var hex = Convert.ToHexStringLower(ciphertext);
        if (frame.TryGetProperty("ciphertext", out var whole))
        {
            Assert.Equal(whole.GetString(), hex);
            return;
        }

        Assert.StartsWith(frame.Text("ciphertext_start"), hex, StringComparison.Ordinal);
        Assert.EndsWith(frame.Text("ciphertext_end"), hex, StringComparison.Ordinal);
        Assert.Equal(frame.Text("ciphertext_sha256"), Convert.ToHexStringLower(SHA256.HashData(ciphertext)));
    }

    private static byte[] Plaintext(JsonElement frame)
    {
        var rule = Rule().Match(frame.Text("plaintext"));
        if (!rule.Success)
            return frame.Hex("plaintext");
        var plaintext = new byte[int.Parse(rule.Groups["length"].Value, CultureInfo.InvariantCulture)];
        for (var i = 0; i < plaintext.Length; i++)
            plaintext[i] = (byte)(i % 251);
        return plaintext;
    }

    [GeneratedRegex("^rule: byte i = i mod 251, (?<length>[0-9]+) bytes$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rule();
}
