using System.Security.Cryptography;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Secrets;
using Xunit;

namespace Evolution.Protocol.Tests.Secrets;

public sealed class MessageSecretBoxTests
{
    [Fact]
    public void What_was_sealed_for_another_message_person_or_purpose_stays_shut()
    {
        var (secret, iv) = (new byte[MessageSecretBox.SecretSize], new byte[12]);
        var (author, voter) = (Jid.ForPhone("5511999990001"), Jid.ForPhone("5511999990002"));
        var right = new MessageSecretBox("A1", author, voter, MessageSecretBox.PollVote);
        var sealed_ = right.Seal(secret, iv, [1, 2, 3]);

        Assert.Equal([1, 2, 3], right.Open(secret, iv, sealed_));
        foreach (var wrong in new[]
        {
            right with { MessageId = "A2" }, right with { Author = voter }, right with { Actor = author }, right with { Actor = voter.WithDevice(7) }, right with { Purpose = MessageSecretBox.Edit },
        })
            Assert.ThrowsAny<CryptographicException>(() => wrong.Open(secret, iv, sealed_));
        Assert.ThrowsAny<CryptographicException>(() => right.Open(secret, iv, []));
    }
}
