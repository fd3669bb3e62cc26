using System.Buffers.Text;

namespace Evolution.Client.Media;

/// <summary>Base64 in the alphabet of addresses.</summary>
internal static class UrlBase64
{
    public static string Unpadded(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    public static string Padded(ReadOnlySpan<byte> bytes) => Unpadded(bytes) + new string('=', (3 - (bytes.Length % 3)) % 3);
}
