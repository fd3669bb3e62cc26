using System.Security.Cryptography;
using Evolution.Proto;
using Evolution.Protocol.Crypto;
using Google.Protobuf;

namespace Evolution.Protocol.Noise;

/// <summary>The certificate chain by which a server proves its static key: root → intermediate → leaf (whatsmeow: handshake.go, verifyServerCert).</summary>
public static class NoiseCertificates
{
    private const uint IntermediateSerial = 7;
    private const uint LeafSerial = 8;

    /// <summary>How far a certificate may be out of date by our clock, so that a wrong one does not cut a device off.</summary>
    public static TimeSpan DefaultSkew { get; } = TimeSpan.FromDays(1);

    /// <summary>Makes a serialised chain for a server key.</summary>
    public static byte[] Issue(KeyPair root, KeyPair intermediate, ReadOnlySpan<byte> serverKey, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(intermediate);
        return new CertChain
        {
            Intermediate = Sign(root, IntermediateSerial, 0, intermediate.PublicKey.Span, notBefore, notAfter),
            Leaf = Sign(intermediate, LeafSerial, IntermediateSerial, serverKey, notBefore, notAfter),
        }.ToByteArray();
    }

    /// <summary>Verifies a chain to the root and for the server's key.</summary>
    /// <exception cref="NoiseException">With the reason.</exception>
    public static void Verify(ReadOnlySpan<byte> chain, NoiseRoot root, ReadOnlySpan<byte> serverKey, DateTimeOffset now, TimeSpan skew)
    {
        ArgumentNullException.ThrowIfNull(root);
        CertChain parsed;
        CertChain.Types.NoiseCertificate.Types.Details intermediate, leaf;
        try
        {
            parsed = CertChain.Parser.ParseFrom(chain);
            if (parsed.Intermediate is null || parsed.Leaf is null) throw new NoiseException(NoiseError.Malformed, "The certificate chain lacks a part.");
            intermediate = CertChain.Types.NoiseCertificate.Types.Details.Parser.ParseFrom(parsed.Intermediate.Details);
            leaf = CertChain.Types.NoiseCertificate.Types.Details.Parser.ParseFrom(parsed.Leaf.Details);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new NoiseException(NoiseError.Malformed, "The certificate chain cannot be read.", e);
        }

        if (intermediate.IssuerSerial != 0 || !Curve25519.Verify(root.Key.Span, parsed.Intermediate.Details.Span, parsed.Intermediate.Signature.Span))
            throw new NoiseException(NoiseError.UntrustedIntermediate, "The server's intermediate certificate is not signed by the pinned root.");
        if (intermediate.Key.Length != Curve25519.KeySize || leaf.IssuerSerial != intermediate.Serial
            || !Curve25519.Verify(intermediate.Key.Span, parsed.Leaf.Details.Span, parsed.Leaf.Signature.Span))
            throw new NoiseException(NoiseError.UntrustedLeaf, "The server's certificate is not signed by its intermediate.");
        if (!CryptographicOperations.FixedTimeEquals(leaf.Key.Span, serverKey))
            throw new NoiseException(NoiseError.KeyMismatch, "The server's certificate is for another key.");
        if (!IsCurrent(intermediate, now, skew) || !IsCurrent(leaf, now, skew))
            throw new NoiseException(NoiseError.OutOfDate, "The server's certificate is not valid at this time; check the clock.");
    }

    private static bool IsCurrent(CertChain.Types.NoiseCertificate.Types.Details details, DateTimeOffset now, TimeSpan skew)
    {
        var seconds = (decimal)now.ToUnixTimeSeconds();
        return (!details.HasNotBefore || seconds >= details.NotBefore - (decimal)skew.TotalSeconds)
            && (!details.HasNotAfter || seconds <= details.NotAfter + (decimal)skew.TotalSeconds);
    }

    private static CertChain.Types.NoiseCertificate Sign(KeyPair issuer, uint serial, uint issuerSerial, ReadOnlySpan<byte> key, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        var details = new CertChain.Types.NoiseCertificate.Types.Details
        {
            Serial = serial,
            IssuerSerial = issuerSerial,
            Key = ByteString.CopyFrom(key),
            NotBefore = (ulong)notBefore.ToUnixTimeSeconds(),
            NotAfter = (ulong)notAfter.ToUnixTimeSeconds(),
        }.ToByteString();
        return new CertChain.Types.NoiseCertificate
        {
            Details = details,
            Signature = ByteString.CopyFrom(Curve25519.Sign(issuer.PrivateKey.Span, details.Span)),
        };
    }
}
