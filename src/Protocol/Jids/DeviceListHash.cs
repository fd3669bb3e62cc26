using System.Security.Cryptography;
using System.Text;

namespace Evolution.Protocol.Jids;

/// <summary>
/// The hash by which two sides see whether they know the same devices (<c>phash</c>, <c>dhash</c>): the first 6 bytes of SHA-256 over the sorted
/// addresses, which name agent and device also when they are 0. Source: whatsmeow send.go, participantListHashV2.
/// </summary>
public static class DeviceListHash
{
    /// <summary>The hash of the devices, such as <c>2:47DEQpj8</c>; their order does not matter.</summary>
    public static string Of(IEnumerable<Jid> devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        var names = devices.Select(jid => $"{jid.User}.0:{jid.Device}@{jid.Server}").Order(StringComparer.Ordinal);
        var hash = SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(names)));
        return "2:" + Convert.ToBase64String(hash.AsSpan(0, 6));
    }
}
