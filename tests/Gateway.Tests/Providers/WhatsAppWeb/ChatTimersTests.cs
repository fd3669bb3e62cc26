using Evolution.Client.History;
using Evolution.Gateway.Providers.WhatsAppWeb;
using Evolution.Proto;
using Evolution.Protocol.Jids;

namespace Evolution.Gateway.Tests.Providers.WhatsAppWeb;

public sealed class ChatTimersTests
{
    private static readonly Jid s_lid = Jid.ForLid("100000000000001");
    private static readonly Jid s_phone = Jid.ForPhone("491700000001");

    [Fact]
    public void The_history_tells_the_time_of_a_chat_and_that_it_has_none()
    {
        var told = ChatTimers.Told(new HistoryChat(s_lid, s_phone, new Conversation { EphemeralExpiration = 604_800 }), s_phone);
        Assert.Equal((s_lid, s_phone.ToString(), 604_800L), (told!.Chat, told.RemoteJid, told.Seconds));

        told = ChatTimers.Told(new HistoryChat(s_lid, s_phone, new Conversation { EphemeralExpiration = 0 }), s_phone);
        Assert.Equal((s_lid, (long?)null), (told!.Chat, told.Seconds));
    }

    [Fact]
    public void A_group_and_a_chat_of_which_the_history_says_nothing_are_left_as_they_are()
    {
        Assert.Null(ChatTimers.Told(new HistoryChat(s_phone, null, new Conversation()), s_phone));
        var group = Jid.Parse("120363000000000001@g.us");
        Assert.Null(ChatTimers.Told(new HistoryChat(group, null, new Conversation { EphemeralExpiration = 604_800 }), group));
    }
}
