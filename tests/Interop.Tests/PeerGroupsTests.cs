using Evolution.Client;
using Evolution.Client.Messages.Sending;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Xunit;

namespace Evolution.Interop.Tests;

/// <summary>What must hold with every foreign client in groups and with statuses.</summary>
public abstract class PeerGroupsTests : PeerDevicesTests
{
    [Theory(Timeout = TestLimit.Ms)]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Gate", "yes")]
    public async Task Texts_in_a_group_go_both_ways_and_reach_a_third(bool byLid)
    {
        var third = await With.PhoneAsync(byLid ? 91 : 92, "Third");
        var group = await GroupAsync(byLid, third.Number);

        foreach (var text in (string[])["first", "second"])
        {
            var (ours, theirs) = (With.Ours.Events.Position, With.Peer.Position);
            var sent = await With.Ours.SendTextAsync(group, $"ours, {text}", Ct);
            var arrived = await With.Peer.TextAsync(sent, $"ours, {text}", theirs, Ct);
            Assert.Equal(group.ToString(), (string?)arrived["chat"]);
            Assert.Contains(Jid.Parse((string)arrived["author"]!).ToUser(), new[] { With.OurPhone.Jid, With.OurPhone.Lid });
            Assert.Equal($"ours, {text}", (await third.WaitForMessageAsync(message => message.Id == sent, ct: Ct)).Text);

            var answer = await With.Peer.SendTextAsync(group, $"theirs, {text}", Ct);
            var received = await With.Ours.ReceivedAsync(answer, ours, Ct);
            Assert.Equal((group, With.PeerPhone.Lid), (received.Info.Chat, received.Info.CanonicalSender));
            Assert.Equal($"theirs, {text}", received.Content.ExtendedTextMessage?.Text ?? received.Content.Conversation);
            await third.WaitForMessageAsync(message => message.Id == answer, ct: Ct);
        }

        Assert.Equal(0, third.Undecryptable);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_group_text_of_ours_is_read_by_them()
    {
        var group = await GroupAsync();
        var (events, theirs) = (With.Ours.Events.Position, With.Peer.Position);
        var id = await With.Ours.SendTextAsync(group, "read me", Ct);
        var arrived = await With.Peer.TextAsync(id, "read me", theirs, Ct);

        await With.Peer.ReadAsync(group, [id], Ct, Jid.Parse((string)arrived["author"]!));

        var read = await With.Ours.EventAsync<MessageStatusChanged>(e => e.Ids.Contains(id) && e.Status == MessageStatus.Read, events, Ct);
        Assert.Contains(read.Participant!.Value, new[] { With.PeerPhone.Jid, With.PeerPhone.Lid });
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_group_text_they_cannot_read_comes_again_and_so_does_the_key()
    {
        var group = await GroupAsync();
        await OursArrivesAsync(group, "before");
        await With.Peer.ForgetSenderKeysAsync(Ct);
        var stanzas = With.Simulator.Recorder.Stanzas.Position;

        var id = await OursArrivesAsync(group, "without the key");

        await With.RetryReceiptAsync(With.PeerPhone, id, stanzas, Ct);
        await OursArrivesAsync(group, "with the key again");
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_group_text_we_cannot_read_comes_again_and_so_does_the_key()
    {
        var group = await GroupAsync();
        await TheirsArrivesAsync(group, "before");
        await With.Ours.ForgetSenderKeyAsync(group, With.PeerPhone.Lid.WithDevice(With.PeerPhone.Devices()[0].Number), Ct);
        var stanzas = With.Simulator.Recorder.Stanzas.Position;

        var id = await TheirsArrivesAsync(group, "without the key");

        await With.RetryReceiptAsync(With.OurPhone, id, stanzas, Ct);
        await TheirsArrivesAsync(group, "with the key again");
    }

    [Fact(Timeout = TestLimit.Ms)]
    [Trait("Gate", "yes")]
    public async Task Statuses_go_both_ways()
    {
        var (ours, theirs) = (With.Ours.Events.Position, With.Peer.Position);
        var content = new Message { ExtendedTextMessage = new Message.Types.ExtendedTextMessage { Text = "our status" } };
        var sent = await With.Ours.Client.Messages.SendAsync(Jid.Status, content, new SendOptions { StatusReaders = [With.PeerPhone.Jid] }, Ct);
        Assert.Equal(Jid.Status.ToString(), (string?)(await With.Peer.TextAsync(sent.Id, "our status", theirs, Ct))["chat"]);

        var id = await With.Peer.SendStatusAsync("their status", [With.OurPhone.Jid], Ct);

        var received = await With.Ours.ReceivedAsync(id, ours, Ct);
        Assert.Equal((Jid.Status, With.PeerPhone.Lid, "their status"), (received.Info.Chat, received.Info.CanonicalSender, received.Content.ExtendedTextMessage.Text));
    }

    private Task<Jid> GroupAsync(bool byLid = true, params IEnumerable<string> others) =>
        With.Simulator.World.CreateGroupAsync(With.PeerPhone.Number, "Interop", [With.OurPhone.Number, .. others], byLid);

    private async Task<string> OursArrivesAsync(Jid group, string text)
    {
        var before = With.Peer.Position;
        var id = await With.Ours.SendTextAsync(group, text, Ct);
        await With.Peer.TextAsync(id, text, before, Ct);
        return id;
    }

    private async Task<string> TheirsArrivesAsync(Jid group, string text)
    {
        var before = With.Ours.Events.Position;
        var id = await With.Peer.SendTextAsync(group, text, Ct);
        await With.Ours.ReceivedAsync(id, before, Ct);
        return id;
    }
}
