using System.Diagnostics.CodeAnalysis;
using Evolution.Protocol.Crypto;

namespace Evolution.Protocol.Pairing;

/// <summary>What a companion shows as a QR code so that a phone can link it.</summary>
/// <param name="Reference">The server's name for this pairing attempt.</param>
/// <param name="NoiseKey">The companion's connection key, 32 bytes.</param>
/// <param name="IdentityKey">The companion's identity, 32 bytes.</param>
/// <param name="AdvSecret">The secret that authenticates the phone's answer, 32 bytes.</param>
/// <param name="ClientType">Kind of companion: 1 Chrome, 2 Edge, 3 Firefox … 9 other; null when the text does not say.</param>
/// <remarks>Baileys (from 7.0.0-rc10) src/Socket/socket.ts and whatsmeow pair.go, makeQRData.</remarks>
public sealed record QrCode(
    string Reference, ReadOnlyMemory<byte> NoiseKey, ReadOnlyMemory<byte> IdentityKey, ReadOnlyMemory<byte> AdvSecret, string? ClientType)
{
    private const string Prefix = "https://wa.me/settings/linked_devices#";

    /// <summary>The text inside the QR code: link, then four or five fields with commas between.</summary>
    public string Format()
    {
        var text = $"{Prefix}{Reference},{Convert.ToBase64String(NoiseKey.Span)},{Convert.ToBase64String(IdentityKey.Span)},{Convert.ToBase64String(AdvSecret.Span)}";
        return ClientType is null ? text : $"{text},{ClientType}";
    }

    /// <summary>Reads the text of any known version: with or without the link, with or without the fifth field.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out QrCode? code)
    {
        code = null;
        if (text is null)
            return false;
        var fields = text[(text.IndexOf('#', StringComparison.Ordinal) + 1)..].Trim().Split(',');
        if (fields.Length < 4 || fields[0].Length == 0
            || !TryKey(fields[1], out var noise) || !TryKey(fields[2], out var identity) || !TryKey(fields[3], out var secret))
        {
            return false;
        }
        code = new QrCode(fields[0], noise, identity, secret, fields.Length > 4 ? fields[4] : null);
        return true;
    }

    private static bool TryKey(string base64, out byte[] key)
    {
        key = new byte[Curve25519.KeySize];
        return Convert.TryFromBase64String(base64, key, out var written) && written == key.Length;
    }
}
