using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Evolution.Gateway.Events.Webhook;

/// <summary>The bearer token that receivers with a <c>jwt_key</c> check: HS256, valid for ten minutes, made anew for each attempt.</summary>
internal static class WebhookJwt
{
    private const int MinimumKeyBytes = 32;

    public static string Create(string key, DateTimeOffset now) => new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(
        new SecurityTokenDescriptor
        {
            IssuedAt = now.UtcDateTime,
            Expires = now.AddMinutes(10).UtcDateTime,
            Claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["app"] = "evolution", ["action"] = "webhook" },
            SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(Padded(key)), SecurityAlgorithms.HmacSha256),
        });

    // HMAC pads short keys with zeros itself, so this signs the same; the library only refuses keys it finds short.
    private static byte[] Padded(string key)
    {
        var bytes = Encoding.UTF8.GetBytes(key);
        if (bytes.Length >= MinimumKeyBytes)
            return bytes;
        var padded = new byte[MinimumKeyBytes];
        bytes.CopyTo(padded, 0);
        CryptographicOperations.ZeroMemory(bytes);
        return padded;
    }
}
