using Evolution.Client;
using Evolution.Simulator.Phones;
using Evolution.Simulator.Server;
using Xunit;

namespace Evolution.Interop.Tests;

/// <summary>What must hold with every foreign client when people have several devices, and devices come, go and change.</summary>
public abstract class PeerDevicesTests : PeerConversationTests
{
    private const int Waiting = 30;

    /// <summary>
    /// Whether the client takes in that somebody has other devices and another identity. One that does not asks for the devices again after a
    /// new login, and starts a session with the new phone only when that writes to it.
    /// </summary>
    private protected virtual bool HearsOfChanges => true;

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_text_reaches_both_devices_of_its_recipient_and_the_senders_other_device()
    {
        var (peerPhone, ourPhone) = (await With.PhoneAsync(4, "Peer with two"), await With.PhoneAsync(5, "Ours with two"));
        PeerDevice[] theirs = [await With.LinkPeerAsync("first of two", peerPhone, Ct), await With.LinkPeerAsync("second of two", peerPhone, Ct)];
        await using var first = await With.LinkOursAsync(ourPhone, Ct);
        await using var second = await With.LinkOursAsync(ourPhone, Ct);
        OurDevice[] ours = [first, second];

        foreach (var byLid in (bool[])[false, true])
        {
            await OursReachesAllAsync(ours, theirs, peerPhone, ourPhone, byLid);
            await TheirsReachesAllAsync(theirs, ours, ourPhone, byLid);
        }

        await StopAsync(theirs);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_device_that_is_linked_later_gets_the_next_text_and_one_that_is_unlinked_none()
    {
        await TalkAsync(byLid: false);
        var (events, stanzas) = (With.Peer.Position, With.Simulator.Recorder.Stanzas.Position);
        var late = await With.LinkPeerAsync("linked later", With.PeerPhone, Ct);
        await TakenInAsync(With.OurPhone, "add", With.PeerPhone, stanzas);

        var id = await With.Ours.SendTextAsync(With.PeerPhone.Jid, "to both", Ct);

        await late.TextAsync(id, "to both", events, Ct);
        await With.Peer.TextAsync(id, "to both", events, Ct);
        await StopAsync(late);
        stanzas = With.Simulator.Recorder.Stanzas.Position;
        Assert.True(await With.PeerPhone.RemoveDeviceAsync(With.PeerPhone.Devices().Max(device => device.Number)));
        await TakenInAsync(With.OurPhone, "remove", With.PeerPhone, stanzas);
        var last = await With.Ours.SendTextAsync(With.PeerPhone.Jid, "to one", Ct);
        await With.Peer.TextAsync(last, "to one", events, Ct);
        var sent = With.Simulator.Recorder.Stanzas.Since(stanzas)
            .Single(entry => entry.Direction == StanzaDirection.In && entry.Node.Tag == "message" && entry.Node["id"] == last).Node;
        // Our phone, theirs, and the one device that is left.
        Assert.Equal(3, sent.Child("participants")!.Children.Count);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_person_with_a_new_phone_and_a_new_device_is_talked_to_again()
    {
        var phone = await With.PhoneAsync(6, "New phone");
        var device = await With.LinkPeerAsync("before the new phone", phone, Ct);
        await TalkAsync(device, phone, With.Ours, With.OurPhone);
        var before = With.Ours.Events.Position;

        await phone.ReRegisterAsync();

        await With.Ours.EventAsync<IdentityChanged>(e => e.User == phone.Jid || e.User == phone.Lid, before, Ct);
        await StopAsync(device);
        var next = await With.LinkPeerAsync("after the new phone", phone, Ct);
        await TalkAsync(next, phone, With.Ours, With.OurPhone);
        await StopAsync(next);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task They_talk_to_us_again_after_we_got_a_new_phone_and_a_new_device()
    {
        var phone = await With.PhoneAsync(7, "Our new phone");
        await using var ours = await With.LinkOursAsync(phone, Ct);
        await TalkAsync(With.Peer, With.PeerPhone, ours, phone);
        var (before, stanzas) = (ours.Events.Position, With.Simulator.Recorder.Stanzas.Position);

        await phone.ReRegisterAsync();

        await ours.EventAsync<ConnectionChanged>(e => e.Status.State == ConnectionState.LoggedOut, before, Ct);
        await ours.PairByQrAsync(phone, Ct);
        await TakenInAsync(With.PeerPhone, "add", phone, stanzas);
        if (!HearsOfChanges)
        {
            await With.Peer.ReconnectAsync(Ct);
            var events = With.Peer.Position;
            await With.Peer.TextAsync(await phone.SendTextAsync(With.PeerPhone.Number, "I am new"), "I am new", events, Ct);
        }

        await TalkAsync(With.Peer, With.PeerPhone, ours, phone);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task The_history_of_their_phone_reaches_them()
    {
        var phone = await With.PhoneAsync(8, "With a past", new PastSpec(Chats: 3, MessagesPerChat: 4));
        var before = With.Peer.Position;

        var device = await With.LinkPeerAsync("with a past", phone, Ct);

        var messages = 0;
        await device.WaitAsync("history", e => (messages += (int)e["messages"]!) == 12, before, Ct);
        await StopAsync(device);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task What_waited_for_them_comes_in_order_and_once()
    {
        await TalkAsync(byLid: false);
        await With.Peer.LeaveAsync(Ct);
        var before = With.Peer.Position;
        var last = "";
        for (var n = 0; n < Waiting; n++)
            last = await With.Ours.SendTextAsync(With.PeerPhone.Jid, $"waited {n}", Ct);

        await With.Peer.ComeBackAsync(Ct);

        await With.Peer.TextAsync(last, $"waited {Waiting - 1}", before, Ct);
        Assert.Equal(Enumerable.Range(0, Waiting).Select(n => $"waited {n}"), With.Peer.TextsSince(before));
        await TalkWithoutRetriesAsync(byLid: false);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task What_waited_for_us_comes_in_order_and_once()
    {
        await TalkAsync(byLid: false);
        await With.Ours.LeaveAsync();
        var before = With.Ours.Events.Position;
        var last = "";
        for (var n = 0; n < Waiting; n++)
            last = await With.Peer.SendTextAsync(With.OurPhone.Jid, $"waited {n}", Ct);

        await With.Ours.ComeBackAsync(Ct);

        Assert.True((await With.Ours.ReceivedAsync(last, before, Ct)).Offline);
        Assert.Equal(Enumerable.Range(0, Waiting).Select(n => $"waited {n}"), With.Ours.Events.Since(before).OfType<MessageReceived>().Select(Text));
        await TalkWithoutRetriesAsync(byLid: false);
    }

    private static async Task OursReachesAllAsync(OurDevice[] ours, PeerDevice[] theirs, Phone peerPhone, Phone ourPhone, bool byLid)
    {
        var (events, copies) = (theirs[0].Position, ours[1].Events.Position);
        var text = $"ours to two devices, by LID: {byLid}";

        var id = await ours[0].SendTextAsync(Address(peerPhone, byLid), text, Ct);

        foreach (var device in theirs)
            await device.TextAsync(id, text, events, Ct);
        var copy = await ours[1].ReceivedAsync(id, copies, Ct);
        Assert.Equal((true, text, peerPhone.Lid), (copy.Info.FromMe, Text(copy), copy.Info.CanonicalChat));
        Assert.True((await ourPhone.WaitForMessageAsync(message => message.Id == id, ct: Ct)).FromMe);
    }

    private static async Task TheirsReachesAllAsync(PeerDevice[] theirs, OurDevice[] ours, Phone ourPhone, bool byLid)
    {
        var (events, received) = (theirs[0].Position, ours.Select(device => device.Events.Position).ToArray());
        var text = $"theirs to two devices, by LID: {byLid}";

        var id = await theirs[0].SendTextAsync(Address(ourPhone, byLid), text, Ct);

        foreach (var (device, position) in ours.Zip(received))
            Assert.Equal(text, Text(await device.ReceivedAsync(id, position, Ct)));
        Assert.True((bool)(await theirs[1].TextAsync(id, text, events, Ct))["fromMe"]!);
    }

    private static async Task TalkAsync(PeerDevice peer, Phone peerPhone, OurDevice ours, Phone ourPhone)
    {
        var (received, events) = (ours.Events.Position, peer.Position);
        var id = await ours.SendTextAsync(peerPhone.Jid, "do you hear me?", Ct);
        await peer.TextAsync(id, "do you hear me?", events, Ct);
        Assert.Equal("do you hear me?", (await peerPhone.WaitForMessageAsync(message => message.Id == id, ct: Ct)).Text);
        var answer = await peer.SendTextAsync(ourPhone.Jid, "loud and clear", Ct);
        Assert.Equal("loud and clear", Text(await ours.ReceivedAsync(answer, received, Ct)));
        Assert.Equal("loud and clear", (await ourPhone.WaitForMessageAsync(message => message.Id == answer, ct: Ct)).Text);
    }

    /// <summary>Waits until an account's companion has acknowledged that somebody has another device (<c>add</c>) or one less (<c>remove</c>).</summary>
    private async Task TakenInAsync(Phone reader, string what, Phone about, int after)
    {
        var told = await With.Simulator.Recorder.Stanzas.WaitAsync(
            $"notification about {about.Number}",
            entry => entry.Number == reader.Number && entry.Direction == StanzaDirection.Out && entry.Node.Child(what) is not null && entry.Node.JidOf("from") == about.Jid,
            after, Ct);
        await With.Simulator.Recorder.Stanzas.WaitAsync(
            "its ack", entry => entry.Number == reader.Number && entry.Node.Tag == "ack" && entry.Node["id"] == told.Node["id"], after, Ct);
    }

    private async Task StopAsync(params PeerDevice[] devices)
    {
        await With.Simulator.Recorder.AllAnsweredAsync(Ct);
        foreach (var device in devices)
            await device.CallAsync("stop", null, Ct);
    }
}
