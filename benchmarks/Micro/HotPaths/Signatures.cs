using BenchmarkDotNet.Attributes;
using Evolution.Protocol.Crypto;

namespace Evolution.Benchmarks.HotPaths;

/// <summary>XEdDSA over 100 bytes.</summary>
public class Signatures
{
    private readonly KeyPair key = KeyPair.Generate();
    private readonly byte[] message = new byte[100];
    private readonly byte[] signature;

    public Signatures() => signature = Curve25519.Sign(key.PrivateKey.Span, message);

    [Benchmark]
    public byte[] Sign() => Curve25519.Sign(key.PrivateKey.Span, message);

    [Benchmark]
    public bool Verify() => Curve25519.Verify(key.PublicKey.Span, message, signature);
}
