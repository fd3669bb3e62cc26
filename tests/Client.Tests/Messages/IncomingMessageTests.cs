using Evolution.Client.Messages;
using Evolution.Client.Messages.Receiving;
using Evolution.Client.Stores;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Xunit;

namespace Evolution.Client.Tests.Messages;

public sealed class IncomingMessageTests
{
    private const string Own = "5511999990001@s.whatsapp.net";
    private const string OwnLid = "111000111000111@lid";
    private const string Alice = "5511999990002@s.whatsapp.net";
    private const string AliceLid = "222000222000222@lid";
    private const string Group = "120363000000000001@g.us";

    private static readonly OwnAddress Address = new(Jid.Parse("5511999990001:3@s.whatsapp.net"), Jid.Parse("111000111000111:3@lid"));

    [Theory]
    [InlineData(Alice, null, null, Alice, Alice, false)]
    [InlineData("5511999990002:7@s.whatsapp.net", null, null, Alice, Alice, false)]
    [InlineData(AliceLid, null, null, AliceLid, AliceLid, false)]
    [InlineData(Own, null, Alice, Alice, Own, true)]
    [InlineData(OwnLid, null, AliceLid, AliceLid, OwnLid, true)]
    [InlineData(Own, null, null, Own, Own, true)]
    [InlineData(Group, Alice, null, Group, Alice, false)]
    [InlineData(Group, "111000111000111:9@lid", null, Group, OwnLid, true)]
    [InlineData("status@broadcast", Alice, null, "status@broadcast", Alice, false)]
    [InlineData("120363000000000009@newsletter", null, null, "120363000000000009@newsletter", "120363000000000009@newsletter", false)]
    public void Chat_and_author_follow_from_the_stanza(string from, string? participant, string? recipient, string chat, string sender, bool fromMe)
    {
        var info = Read(("from", from), ("participant", participant), ("recipient", recipient)).Info;

        Assert.Equal((chat, sender, fromMe), (info.Chat.ToString(), info.Sender.ToString(), info.FromMe));
    }

    [Theory]
    [InlineData("from", Alice, "recipient", Own)]
    [InlineData("from", Group, "notify", "x")]
    [InlineData("notify", "x", "recipient", Own)]
    [InlineData("from", "1@unknown", "notify", "x")]
    public void A_stanza_that_contradicts_itself_is_malformed(string first, string value, string second, string other) =>
        Assert.Throws<FormatException>(() => Read((first, value), (second, other)));

    [Fact]
    public void The_other_forms_come_from_the_attributes()
    {
        var direct = Read(("from", AliceLid), ("sender_pn", Alice));
        var group = Read(("from", Group), ("participant", Alice), ("participant_lid", AliceLid), ("addressing_mode", "pn"));
        var sent = Read(("from", OwnLid), ("recipient", AliceLid), ("peer_recipient_pn", Alice));

        Assert.Equal(("lid", Alice, AliceLid), (direct.Info.AddressingMode, direct.Info.ChatAlt.ToString(), direct.Info.CanonicalChat.ToString()));
        Assert.Equal((AliceLid, AliceLid), (group.Info.SenderAlt.ToString(), group.Info.CanonicalSender.ToString()));
        Assert.Equal((Alice, Own), (sent.Info.ChatAlt.ToString(), sent.Info.SenderAlt.ToString()));
        Assert.All([direct, group], message => Assert.Equal([new AddressMapping(Jid.Parse(Alice), Jid.Parse(AliceLid))], message.Mappings));
        Assert.Contains(new AddressMapping(Jid.Parse(Alice), Jid.Parse(AliceLid)), sent.Mappings);
    }

    private static IncomingMessage Read(params (string Name, string? Value)[] attributes)
    {
        var all = new NodeAttributes { { "id", "A1" }, { "t", "1772366400" } };
        foreach (var (name, value) in attributes)
            all.Add(name, value);
        return IncomingMessage.Read(new Node("message", all), Address);
    }
}
