using Evolution.Client.Calls;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Xunit;

namespace Evolution.Client.Tests.Calls;

public sealed class CallStanzasTests
{
    private static readonly Jid Caller = Jid.Parse("77@lid");

    [Theory]
    [InlineData("offer", null, "offer")]
    [InlineData("offer_notice", null, "offer")]
    [InlineData("terminate", "timeout", "timeout")]
    [InlineData("terminate", "busy", "terminate")]
    [InlineData("accept", null, "accept")]
    [InlineData("reject", null, "reject")]
    [InlineData("mute_v2", null, "ringing")]
    public void A_step_has_the_state_that_Baileys_gives_it(string tag, string? reason, string state)
    {
        var call = CallStanzas.Read(Stanza(new Node(tag, new NodeAttributes { { "call-id", "C1" }, { "call-creator", Caller }, { "reason", reason } })));
        Assert.Equal(("C1", state, Caller), (call!.Id, call.State, call.Creator));
        Assert.Equal(state == "offer", call.Kind is not null);
    }

    [Fact]
    public void An_offer_tells_kind_group_and_number()
    {
        var offer = new Node(
            "offer",
            new NodeAttributes { { "call-id", "C1" }, { "call-creator", "77:3@lid" }, { "caller_pn", "5511999990002@s.whatsapp.net" }, { "group-jid", "120363000000000001@g.us" } },
            [new Node("video")]);
        var call = CallStanzas.Read(Stanza(offer, offline: true))!;
        Assert.Equal(new CallKind(IsVideo: true, IsGroup: true, Jid.Parse("120363000000000001@g.us")), call.Kind);
        Assert.Equal((Jid.Parse("77:3@lid"), Jid.Parse("5511999990002@s.whatsapp.net"), true), (call.Creator, call.CallerPhone!.Value, call.Offline));
    }

    [Fact]
    public void What_names_no_call_is_none() => Assert.Null(CallStanzas.Read(Stanza(new Node("offer"))));

    private static Node Stanza(Node what, bool offline = false) =>
        new("call", new NodeAttributes { { "from", Caller }, { "id", "1" }, { "t", "1700000000" }, { "offline", offline ? "0" : null } }, [what]);
}
