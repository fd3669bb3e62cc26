using System.Security.Cryptography;
using System.Text;

namespace Evolution.Gateway.Hosting;

/// <summary>The global API key. Only its hash is kept, and comparing takes the same time whatever is compared.</summary>
internal sealed class ApiKey(string text)
{
    private readonly byte[] hash = Hash(text);

    /// <summary>Keys that stand in Evolution's code, samples or guides: whoever runs with one is open to everybody.</summary>
    public static IReadOnlyCollection<string> KnownDefaults { get; } =
        ["BQYHJGJHJ", "429683C4C977415CAAFCCE10F7D57E11", "B6D711FCDE4D4FD5936544120E713976", "change-me", "changeme", "apikey", "mude-me"];

    public static bool IsKnownDefault(string text) => KnownDefaults.Contains(text, StringComparer.OrdinalIgnoreCase);

    /// <summary>A new key: 32 random bytes as hex.</summary>
    public static string Generate() => Convert.ToHexString(RandomNumberGenerator.GetBytes(32));

    /// <summary>Compares without telling by its time where two texts differ.</summary>
    public static bool SameText(string left, string right) => CryptographicOperations.FixedTimeEquals(Hash(left), Hash(right));

    public bool Matches(string candidate) => CryptographicOperations.FixedTimeEquals(hash, Hash(candidate));

    private static byte[] Hash(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}
