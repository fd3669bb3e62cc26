using System.Security.Cryptography;
using System.Text;
using Evolution.Gateway.Media;

namespace Evolution.Gateway.Events.Webhook;

/// <summary>The signature of the Standard Webhooks scheme: HMAC-SHA256 over id, time and body.</summary>
internal static class WebhookSignature
{
    private const string SecretPrefix = "whsec_";

    /// <summary>The value of <c>webhook-signature</c>.</summary>
    /// <param name="secret">Base64 after <c>whsec_</c>, or any text, whose UTF-8 is then the key.</param>
    /// <param name="id">The value of <c>webhook-id</c>.</param>
    /// <param name="unixSeconds">The value of <c>webhook-timestamp</c>.</param>
    /// <param name="body">The body as it is sent.</param>
    /// <param name="cancellationToken">Gives up reading it.</param>
    public static async ValueTask<string> OfAsync(string secret, string id, long unixSeconds, JsonBody body, CancellationToken cancellationToken)
    {
        using var hmac = new HMACSHA256(KeyOf(secret));
        await using (var signed = new CryptoStream(Stream.Null, hmac, CryptoStreamMode.Write))
        {
            await signed.WriteAsync(Encoding.UTF8.GetBytes($"{id}.{unixSeconds}."), cancellationToken);
            await body.CopyToAsync(signed, cancellationToken);
        }

        return "v1," + Convert.ToBase64String(hmac.Hash!);
    }

    private static byte[] KeyOf(string secret)
    {
        if (!secret.StartsWith(SecretPrefix, StringComparison.Ordinal))
            return Encoding.UTF8.GetBytes(secret);
        var encoded = secret[SecretPrefix.Length..];
        var key = new byte[encoded.Length];
        return Convert.TryFromBase64String(encoded, key, out var length) ? key[..length] : Encoding.UTF8.GetBytes(secret);
    }
}
