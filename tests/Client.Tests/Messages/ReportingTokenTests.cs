using Evolution.Client.Messages.Sending;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Xunit;

namespace Evolution.Client.Tests.Messages;

public sealed class ReportingTokenTests
{
    // Made with Baileys 7.0.0-rc14's getMessageReportingToken, given the unpadded bytes and the true sender and recipient.
    [Theory]
    [InlineData(
        "32130a0568656c6c6f8a01090a0158a80103b001019a02221a20000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
        "9c3b2d6698e1945619c2a2e8826a0d82")]
    [InlineData(
        "9a02221a20000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f82040f1201711a030a01611a030a01622001",
        "484a01e97ce155f8f469e260e92d17f6")]
    [InlineData(
        "62300a230a1c3535313139393939393030303240732e77686174736170702e6e657410011a014b100e72050a036e657778059a02221a20000102030405060708090a0b0c0d0e0f"
        + "101112131415161718191a1b1c1d1e1f",
        "ed911b7cd4604d420ec4d1a5c63ada22")]
    public void The_token_is_the_peers(string message, string token)
    {
        var bytes = Convert.FromHexString(message);

        var node = ReportingToken.Create(
            Message.Parser.ParseFrom(bytes), bytes, "3EB0AABBCCDDEEFF001122", Jid.ForPhone("5511999990001"), Jid.ForPhone("5511999990002"));

        var child = node!.Child("reporting_token")!;
        Assert.Equal(("2", token.ToUpperInvariant()), (child["v"]!, Convert.ToHexString(child.Bytes.Span)));
    }

    [Fact]
    public void A_reaction_has_neither_secret_nor_token()
    {
        var reaction = new Message { ReactionMessage = new Message.Types.ReactionMessage { Text = "+" } };

        ReportingToken.EnsureSecret(reaction);

        Assert.Null(reaction.MessageContextInfo);
        Assert.Null(ReportingToken.Create(reaction, [], "A", Jid.ForPhone("5511999990001"), Jid.ForPhone("5511999990002")));
    }
}
