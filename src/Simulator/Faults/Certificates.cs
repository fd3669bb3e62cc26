using Evolution.Proto;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Noise;
using Evolution.Simulator.Server;
using Google.Protobuf;
using Details = Evolution.Proto.CertChain.Types.NoiseCertificate.Types.Details;

namespace Evolution.Simulator.Faults;

/// <summary>Certificate chains for the server's key that no client may accept. Source of what is checked: whatsmeow handshake.go, verifyServerCert.</summary>
internal static class Certificates
{
    private const uint NoRoot = 99;

    /// <summary>Well made, under a root that nobody has pinned.</summary>
    public static byte[] WrongRoot(ServerKeys keys, DateTimeOffset now) =>
        NoiseCertificates.Issue(KeyPair.Generate(), keys.Intermediate, keys.Static.PublicKey.Span, now.AddDays(-1), now.AddDays(1));

    /// <summary>The right root has signed it, and the intermediate says that another issuer did.</summary>
    public static byte[] WrongIssuer(ServerKeys keys, DateTimeOffset now)
    {
        var chain = CertChain.Parser.ParseFrom(keys.Chain);
        var details = Details.Parser.ParseFrom(chain.Intermediate.Details);
        details.IssuerSerial = NoRoot;
        chain.Intermediate.Details = details.ToByteString();
        chain.Intermediate.Signature = ByteString.CopyFrom(Curve25519.Sign(keys.Root.PrivateKey.Span, chain.Intermediate.Details.Span));
        return chain.ToByteArray();
    }

    /// <summary>Right in all, a month ago.</summary>
    public static byte[] Expired(ServerKeys keys, DateTimeOffset now) =>
        NoiseCertificates.Issue(keys.Root, keys.Intermediate, keys.Static.PublicKey.Span, now.AddDays(-60), now.AddDays(-30));
}
