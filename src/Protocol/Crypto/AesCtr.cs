using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Evolution.Protocol.Crypto;

/// <summary>AES in counter mode (NIST SP 800-38A), which .NET does not offer: the 16-byte IV is a big-endian counter.</summary>
public static class AesCtr
{
    /// <summary>Encrypts or decrypts, which is the same operation; without authentication.</summary>
    public static byte[] Transform(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> input)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(iv.Length, 16);
        using var aes = Aes.Create();
        aes.SetKey(key);
        var counter = BinaryPrimitives.ReadUInt128BigEndian(iv);
        var output = new byte[input.Length];
        Span<byte> block = stackalloc byte[16];
        for (var offset = 0; offset < input.Length; offset += 16)
        {
            BinaryPrimitives.WriteUInt128BigEndian(block, counter);
            aes.EncryptEcb(block, block, PaddingMode.None);
            counter++;
            var length = Math.Min(16, input.Length - offset);
            for (var i = 0; i < length; i++)
                output[offset + i] = (byte)(input[offset + i] ^ block[i]);
        }
        CryptographicOperations.ZeroMemory(block);
        return output;
    }
}
