using Evolution.Protocol.Crypto;
using Evolution.Protocol.Noise;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.Server;

/// <summary>Root, intermediate and static key of the server and the certificate chain over them. Made once, kept in the file.</summary>
internal sealed class ServerKeys
{
    private ServerKeys(KeyPair root, KeyPair intermediate, KeyPair serverStatic, byte[] chain)
    {
        Root = root;
        Intermediate = intermediate;
        Static = serverStatic;
        Chain = chain;
    }

    public KeyPair Root { get; }

    public KeyPair Intermediate { get; }

    public KeyPair Static { get; }

    /// <summary>Serialized CertChain for <see cref="Static"/>.</summary>
    public byte[] Chain { get; }

    public static async Task<ServerKeys> LoadAsync(SimulatorStore store, TimeProvider time)
    {
        var meta = store.Query("SELECT key, value FROM meta", row => (Key: row.GetString(0), Value: row.Bytes(1)))
            .ToDictionary(row => row.Key, row => row.Value, StringComparer.Ordinal);
        var writes = new Writes();
        var root = Take("root", meta, writes);
        var intermediate = Take("intermediate", meta, writes);
        var serverStatic = Take("static", meta, writes);
        await store.CommitAsync(writes).ConfigureAwait(false);

        var now = time.GetUtcNow();
        var chain = NoiseCertificates.Issue(root, intermediate, serverStatic.PublicKey.Span, now.AddDays(-30), now.AddDays(365));
        return new ServerKeys(root, intermediate, serverStatic, chain);
    }

    private static KeyPair Take(string name, Dictionary<string, byte[]> meta, Writes writes)
    {
        if (meta.TryGetValue(name, out var stored))
            return KeyPair.FromPrivate(stored);
        var made = KeyPair.Generate();
        writes.Add("INSERT INTO meta VALUES(?1, ?2)", name, made.PrivateKey.ToArray());
        return made;
    }
}
