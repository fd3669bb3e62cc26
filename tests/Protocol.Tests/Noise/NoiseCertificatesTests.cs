using Evolution.Proto;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Noise;
using Google.Protobuf;
using Xunit;
using Details = Evolution.Proto.CertChain.Types.NoiseCertificate.Types.Details;

namespace Evolution.Protocol.Tests.Noise;

public sealed class NoiseCertificatesTests
{
    private static readonly DateTimeOffset From = DateTimeOffset.FromUnixTimeSeconds(1_750_000_000);
    private static readonly DateTimeOffset To = From.AddDays(30);

    private readonly KeyPair _root = KeyPair.Generate();
    private readonly KeyPair _intermediate = KeyPair.Generate();
    private readonly KeyPair _server = KeyPair.Generate();

    [Fact]
    public void An_issued_chain_is_trusted() => Assert.Null(Refusal(Issue(), From.AddDays(1)));

    [Fact]
    public void A_bad_signature_of_the_intermediate_is_refused() =>
        Assert.Equal(NoiseError.UntrustedIntermediate, Refusal(Issue(chain => chain.Intermediate.Signature = ByteString.CopyFrom(new byte[64]))));

    [Fact]
    public void A_bad_signature_of_the_leaf_is_refused() =>
        Assert.Equal(NoiseError.UntrustedLeaf, Refusal(Issue(chain => chain.Leaf.Signature = chain.Intermediate.Signature)));

    [Fact]
    public void A_signature_of_another_length_is_refused() =>
        Assert.Equal(NoiseError.UntrustedLeaf, Refusal(Issue(chain => chain.Leaf.Signature = ByteString.CopyFrom(new byte[63]))));

    [Fact]
    public void An_intermediate_that_names_another_issuer_than_the_root_is_refused() =>
        Assert.Equal(NoiseError.UntrustedIntermediate, Refusal(Issue(chain => Resign(chain.Intermediate, _root, details => details.IssuerSerial = 1))));

    [Fact]
    public void A_leaf_that_names_another_issuer_than_the_intermediate_is_refused() =>
        Assert.Equal(NoiseError.UntrustedLeaf, Refusal(Issue(chain => Resign(chain.Leaf, _intermediate, details => details.IssuerSerial++))));

    [Fact]
    public void A_leaf_signed_by_the_root_itself_is_refused() =>
        Assert.Equal(NoiseError.UntrustedLeaf, Refusal(Issue(chain => Resign(chain.Leaf, _root, _ => { }))));

    [Fact]
    public void An_intermediate_key_of_another_length_is_refused() =>
        Assert.Equal(NoiseError.UntrustedLeaf, Refusal(Issue(chain => Resign(chain.Intermediate, _root, details => details.Key = ByteString.CopyFrom(new byte[31])))));

    [Fact]
    public void A_leaf_for_another_key_is_refused() =>
        Assert.Equal(NoiseError.KeyMismatch, Refusal(Issue(chain => Resign(chain.Leaf, _intermediate, details => details.Key = ByteString.CopyFrom(_root.PublicKey.Span)))));

    [Fact]
    public void A_leaf_without_a_key_is_refused() =>
        Assert.Equal(NoiseError.KeyMismatch, Refusal(Issue(chain => Resign(chain.Leaf, _intermediate, details => details.ClearKey()))));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_part_out_of_date_is_refused(bool intermediate)
    {
        var chain = Issue(c => Resign(
            intermediate ? c.Intermediate : c.Leaf,
            intermediate ? _root : _intermediate,
            details => details.NotAfter = (ulong)From.AddDays(2).ToUnixTimeSeconds()));
        Assert.Null(Refusal(chain, From.AddDays(1)));
        Assert.Equal(NoiseError.OutOfDate, Refusal(chain, From.AddDays(10)));
    }

    [Fact]
    public void The_skew_is_allowed_on_both_ends_and_not_a_second_more()
    {
        var skew = NoiseCertificates.DefaultSkew;
        var second = TimeSpan.FromSeconds(1);
        Assert.Null(Refusal(Issue(), From - skew));
        Assert.Null(Refusal(Issue(), To + skew));
        Assert.Equal(NoiseError.OutOfDate, Refusal(Issue(), From - skew - second));
        Assert.Equal(NoiseError.OutOfDate, Refusal(Issue(), To + skew + second));
    }

    [Fact]
    public void A_chain_that_lacks_a_part_is_malformed()
    {
        Assert.Equal(NoiseError.Malformed, Refusal([]));
        Assert.Equal(NoiseError.Malformed, Refusal([0xFF]));
        Assert.Equal(NoiseError.Malformed, Refusal(Issue(chain => chain.Leaf = null)));
        Assert.Equal(NoiseError.Malformed, Refusal(Issue(chain => chain.Intermediate = null)));
        Assert.Equal(NoiseError.Malformed, Refusal(Issue(chain => chain.Leaf.Details = ByteString.CopyFrom(0xFF))));
    }

    private byte[] Issue(Action<CertChain>? change = null)
    {
        var chain = CertChain.Parser.ParseFrom(NoiseCertificates.Issue(_root, _intermediate, _server.PublicKey.Span, From, To));
        change?.Invoke(chain);
        return chain.ToByteArray();
    }

    private NoiseError? Refusal(byte[] chain, DateTimeOffset? now = null)
    {
        var error = Record.Exception(() =>
            NoiseCertificates.Verify(chain, new NoiseRoot(_root.PublicKey), _server.PublicKey.Span, now ?? From.AddDays(1), NoiseCertificates.DefaultSkew));
        return error is null ? null : Assert.IsType<NoiseException>(error).Error;
    }

    private static void Resign(CertChain.Types.NoiseCertificate certificate, KeyPair issuer, Action<Details> change)
    {
        var details = Details.Parser.ParseFrom(certificate.Details);
        change(details);
        certificate.Details = details.ToByteString();
        certificate.Signature = ByteString.CopyFrom(Curve25519.Sign(issuer.PrivateKey.Span, certificate.Details.Span));
    }
}
