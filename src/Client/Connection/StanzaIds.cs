using System.Globalization;
using System.Security.Cryptography;

namespace Evolution.Client.Connection;

/// <summary>Request ids: a random prefix a connection, then a counter (Baileys, src/Utils/generics.ts, generateMdTagPrefix).</summary>
internal sealed class StanzaIds
{
    private readonly string prefix =
        string.Create(CultureInfo.InvariantCulture, $"{RandomNumberGenerator.GetInt32(65536)}.{RandomNumberGenerator.GetInt32(65536)}-");

    private int last;

    public string Next() => prefix + Interlocked.Increment(ref last).ToString(CultureInfo.InvariantCulture);
}
