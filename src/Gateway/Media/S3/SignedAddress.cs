using System.Security.Cryptography;
using System.Text;

namespace Evolution.Gateway.Media.S3;

/// <summary>
/// Addresses that open one object for a while (Signature Version 4 in the query). Not left to the SDK, which for some regions and lifetimes signs as in
/// 2006: many servers no longer take that.
/// </summary>
internal static class SignedAddress
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <param name="address">The object's; its path is escaped, and it has no query.</param>
    /// <param name="region">Where the store is.</param>
    /// <param name="accessKey">Who signs.</param>
    /// <param name="secretKey">With what.</param>
    /// <param name="now">When it begins to be good.</param>
    /// <param name="lifetime">How long it is; seven days at most.</param>
    public static Uri Of(Uri address, string region, string accessKey, string secretKey, DateTimeOffset now, TimeSpan lifetime)
    {
        var day = now.UtcDateTime.ToString("yyyyMMdd");
        var second = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'");
        var scope = $"{day}/{region}/s3/aws4_request";
        var query = $"X-Amz-Algorithm={Algorithm}&X-Amz-Credential={Uri.EscapeDataString($"{accessKey}/{scope}")}&X-Amz-Date={second}"
            + $"&X-Amz-Expires={(int)lifetime.TotalSeconds}&X-Amz-SignedHeaders=host";
        var request = $"GET\n{address.AbsolutePath}\n{query}\nhost:{address.Authority}\n\nhost\nUNSIGNED-PAYLOAD";
        var text = $"{Algorithm}\n{second}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(request)))}";
        var key = Hmac(Hmac(Hmac(Hmac(Encoding.UTF8.GetBytes("AWS4" + secretKey), day), region), "s3"), "aws4_request");
        return new Uri($"{address.AbsoluteUri}?{query}&X-Amz-Signature={Convert.ToHexStringLower(Hmac(key, text))}");
    }

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
