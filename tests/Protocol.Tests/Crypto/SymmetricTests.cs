using System.Security.Cryptography;
using Evolution.Protocol.Crypto;
using Xunit;

namespace Evolution.Protocol.Tests.Crypto;

public sealed class SymmetricTests
{
    [Theory] // RFC 5869 A.1 and A.3
    [InlineData(
        "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9",
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865")]
    [InlineData(
        "0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b", "", "",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")]
    public void Hkdf_matches_the_rfc(string ikm, string salt, string info, string okm) =>
        Assert.Equal(okm, Convert.ToHexStringLower(Hkdf.Derive(Bytes(ikm), okm.Length / 2, Bytes(salt), Bytes(info))));

    [Fact] // NIST SP 800-38A F.5.5
    public void AesCtr_matches_the_nist_example()
    {
        var key = Bytes("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
        var iv = Bytes("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
        var plaintext = Bytes("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
        var ciphertext = AesCtr.Transform(key, iv, plaintext);
        Assert.Equal("601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5", Convert.ToHexStringLower(ciphertext));
        Assert.Equal(plaintext[..19], AesCtr.Transform(key, iv, ciphertext.AsSpan(0, 19)));
    }

    [Fact]
    public void AesCtr_carries_over_the_whole_counter()
    {
        var key = new byte[32];
        var iv = new byte[16];
        Array.Fill(iv, (byte)0xFF);
        var two = AesCtr.Transform(key, iv, new byte[32]);
        Assert.Equal(AesCtr.Transform(key, new byte[16], new byte[16]), two.AsSpan(16).ToArray());
    }

    [Fact]
    public void AesGcmBox_opens_what_it_sealed_and_nothing_else()
    {
        byte[] key = RandomNumberGenerator.GetBytes(32), nonce = new byte[12];
        var box = AesGcmBox.Seal(key, nonce, "text"u8, "bound"u8);
        Assert.Equal("text"u8.ToArray(), AesGcmBox.Open(key, nonce, box, "bound"u8));
        Assert.Throws<AuthenticationTagMismatchException>(() => AesGcmBox.Open(key, nonce, box));
        Assert.ThrowsAny<CryptographicException>(() => AesGcmBox.Open(key, nonce, box.AsSpan(0, 15)));
    }

    [Fact] // NIST SP 800-38A F.2.5, first block; the second block is the padding
    public void AesCbcBox_matches_the_nist_example_and_pads()
    {
        var key = Bytes("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
        var iv = Bytes("000102030405060708090a0b0c0d0e0f");
        var plaintext = Bytes("6bc1bee22e409f96e93d7e117393172a");
        var ciphertext = AesCbcBox.Encrypt(key, iv, plaintext);
        Assert.Equal(32, ciphertext.Length);
        Assert.Equal("f58c4c04d6e5f1ba779eabfb5f7bfbd6", Convert.ToHexStringLower(ciphertext.AsSpan(0, 16)));
        Assert.Equal(plaintext, AesCbcBox.Decrypt(key, iv, ciphertext));
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex);
}
