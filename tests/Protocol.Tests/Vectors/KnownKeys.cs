using Evolution.Protocol.Crypto;
using Xunit;

namespace Evolution.Protocol.Tests.Vectors;

/// <summary>The fresh keys of one step, handed out in their order; nothing may ask for more.</summary>
internal sealed class KnownKeys(IEnumerable<byte[]> privateKeys, string step)
{
    private readonly Queue<byte[]> _left = new(privateKeys);

    public KeyPair Next()
    {
        Assert.True(_left.TryDequeue(out var key), $"{step}: a fresh key is made where the peer made none.");
        return KeyPair.FromPrivate(key);
    }

    public void AssertUsedUp() => Assert.True(_left.Count == 0, $"{step}: {_left.Count} fresh keys of the peer were not needed.");
}
