using System.Security.Cryptography;
using System.Text.Json;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Secrets;
using Evolution.Protocol.Tests.Vectors;
using Xunit;

namespace Evolution.Protocol.Tests.Secrets;

public sealed class MessageSecretBoxTests
{
    private static readonly JsonElement Recorded = VectorFile.Read("secrets.json");

    public static TheoryData<int> Votes => [.. Enumerable.Range(0, Recorded.GetProperty("votes").GetArrayLength())];

    [Theory]
    [MemberData(nameof(Votes))]
    public void A_vote_that_Baileys_opens_is_opened_and_sealed_to_the_byte(int index)
    {
        var vote = Recorded.GetProperty("votes")[index];
        var box = new MessageSecretBox(vote.Text("id"), Jid.Parse(vote.Text("author")), Jid.Parse(vote.Text("voter")), MessageSecretBox.PollVote);

        Assert.Equal(vote.Hex("plaintext"), box.Open(vote.Hex("secret"), vote.Hex("iv"), vote.Hex("box")));
        Assert.Equal(vote.Hex("box"), box.Seal(vote.Hex("secret"), vote.Hex("iv"), vote.Hex("plaintext")));
    }

    [Fact]
    public void What_was_sealed_for_another_message_person_or_purpose_stays_shut()
    {
        var (secret, iv) = (new byte[MessageSecretBox.SecretSize], new byte[12]);
        var (author, voter) = (Jid.ForPhone("5511999990001"), Jid.ForPhone("5511999990002"));
        var right = new MessageSecretBox("A1", author, voter, MessageSecretBox.PollVote);
        var sealed_ = right.Seal(secret, iv, [1, 2, 3]);

        Assert.Equal([1, 2, 3], (right with { Actor = voter.WithDevice(7) }).Open(secret, iv, sealed_));
        foreach (var wrong in new[]
        {
            right with { MessageId = "A2" }, right with { Author = voter }, right with { Actor = author }, right with { Purpose = MessageSecretBox.Edit },
        })
            Assert.ThrowsAny<CryptographicException>(() => wrong.Open(secret, iv, sealed_));
        Assert.ThrowsAny<CryptographicException>(() => right.Open(secret, iv, []));
    }
}
