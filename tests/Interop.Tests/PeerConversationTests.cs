using Evolution.Client;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Simulator.Phones;
using Xunit;

namespace Evolution.Interop.Tests;

/// <summary>What every foreign client must be able to do with our simulator and our client.</summary>
public abstract class PeerConversationTests : IAsyncLifetime
{
    private Conversation? _conversation;

    private protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private protected Conversation With => _conversation ?? throw new InvalidOperationException("Not started.");

    /// <summary>Whether the client sends to the address it was given; one that does not turns phone numbers into LIDs.</summary>
    private protected virtual bool KeepsAddress => true;

    public async ValueTask InitializeAsync() => _conversation = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_conversation is null)
            return;
        await _conversation.Simulator.Recorder.AllAnsweredAsync(Ct);
        Assert.Empty(_conversation.Simulator.World.Violations.Snapshot());
    }

    private protected abstract Task<Conversation> StartAsync();

    [Fact(Timeout = TestLimit.Ms)]
    [Trait("Gate", "yes")]
    public Task A_device_linked_by_QR_talks_with_a_phone() => TalksWithAsync(With.Peer, With.PeerPhone, With.OurPhone);

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_device_linked_by_code_talks_with_a_phone()
    {
        var phone = await With.Simulator.World.CreatePhoneAsync(With.PeerPhone.Number[..^1] + "3", "By code");
        var device = With.Process.Device("by code");
        await device.StartAsync(With.Simulator.Host, Ct);

        await device.PairByCodeAsync(phone, Ct);

        await TalksWithAsync(device, phone, With.OurPhone);
        await device.CallAsync("stop", null, Ct);
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Gate", "yes")]
    public async Task A_text_of_ours_arrives(bool byLid)
    {
        var (before, events) = (With.Peer.Position, With.Ours.Events.Position);
        var id = await With.Ours.SendTextAsync(Address(With.PeerPhone, byLid), $"ours, by LID: {byLid}", Ct);

        var arrived = await With.Peer.TextAsync(id, $"ours, by LID: {byLid}", before, Ct);

        var chat = Jid.Parse((string)arrived["chat"]!);
        Assert.Contains(chat, new[] { With.OurPhone.Jid, With.OurPhone.Lid });
        Assert.False((bool)arrived["fromMe"]!);
        await With.Ours.EventAsync<MessageStatusChanged>(e => e.Ids.Contains(id) && e.Status == MessageStatus.Delivered, events, Ct);
        Assert.Equal($"ours, by LID: {byLid}", (await With.OurPhone.WaitForMessageAsync(message => message.Id == id, ct: Ct)).Text);
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData(false)]
    [InlineData(true)]
    [Trait("Gate", "yes")]
    public async Task A_text_of_theirs_arrives(bool byLid)
    {
        var before = With.Ours.Events.Position;
        var id = await With.Peer.SendTextAsync(Address(With.OurPhone, byLid), $"theirs, by LID: {byLid}", Ct);

        var received = await With.Ours.ReceivedAsync(id, before, Ct);

        Assert.Equal($"theirs, by LID: {byLid}", Text(received));
        Assert.Equal(With.PeerPhone.Lid, received.Info.CanonicalChat);
        if (KeepsAddress)
            Assert.Equal(byLid, received.Info.Chat.IsLid);
        Assert.Equal((false, "Peer"), (received.Info.FromMe, received.Info.PushName));
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_text_they_cannot_read_comes_again_and_the_session_holds(bool byLid)
    {
        await TalkAsync(byLid);
        await With.Peer.ForgetSessionsAsync(Ct);
        var (stanzas, events) = (With.Simulator.Recorder.Stanzas.Position, With.Peer.Position);

        var id = await With.Ours.SendTextAsync(Address(With.PeerPhone, byLid), "to a peer without sessions", Ct);

        await With.RetryReceiptAsync(With.PeerPhone, id, stanzas, Ct);
        await With.Peer.TextAsync(id, "to a peer without sessions", events, Ct);
        await TalkWithoutRetriesAsync(byLid);
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_text_we_cannot_read_comes_again_and_the_session_holds(bool byLid)
    {
        await TalkAsync(byLid);
        await With.Ours.ForgetSessionsAsync(With.PeerPhone, Ct);
        var (stanzas, events) = (With.Simulator.Recorder.Stanzas.Position, With.Ours.Events.Position);

        var id = await With.Peer.SendTextAsync(Address(With.OurPhone, byLid), "to us without sessions", Ct);

        await With.RetryReceiptAsync(With.OurPhone, id, stanzas, Ct);
        Assert.Equal("to us without sessions", Text(await With.Ours.ReceivedAsync(id, events, Ct)));
        await TalkWithoutRetriesAsync(byLid);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_quote_and_a_mention_of_ours_are_understood()
    {
        var before = With.Peer.Position;
        var quoted = await QuotableAsync(With.Ours.Events.Position);
        var context = new ContextInfo
        {
            StanzaId = quoted.Info.Id,
            Participant = With.PeerPhone.Jid.ToString(),
            QuotedMessage = new Message { Conversation = Text(quoted) },
            MentionedJid = { With.PeerPhone.Jid.ToString() },
        };

        var id = await With.Ours.SendTextAsync(With.PeerPhone.Jid, "ours, with a quote", Ct, context);

        var arrived = await With.Peer.TextAsync(id, "ours, with a quote", before, Ct);
        Assert.Equal(quoted.Info.Id, (string?)arrived["quotedId"]);
        Assert.Equal(With.PeerPhone.Jid.ToString(), (string?)Assert.Single(arrived["mentions"]!.AsArray()));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_quote_and_a_mention_of_theirs_are_understood()
    {
        var (before, events) = (With.Ours.Events.Position, With.Peer.Position);
        var quoted = await With.Ours.SendTextAsync(With.PeerPhone.Jid, "quote us", Ct);
        await With.Peer.TextAsync(quoted, "quote us", events, Ct);

        var id = await With.Peer.SendTextAsync(With.OurPhone.Jid, "theirs, with a quote", Ct, (quoted, "quote us"), With.OurPhone.Jid);

        var context = (await With.Ours.ReceivedAsync(id, before, Ct)).Content.ExtendedTextMessage.ContextInfo;
        Assert.Equal((quoted, "quote us"), (context.StanzaId, context.QuotedMessage.ExtendedTextMessage?.Text ?? context.QuotedMessage.Conversation));
        Assert.Equal([With.OurPhone.Jid.ToString()], context.MentionedJid);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_text_of_ours_is_read()
    {
        var (before, events) = (With.Peer.Position, With.Ours.Events.Position);
        var id = await With.Ours.SendTextAsync(With.PeerPhone.Jid, "read me", Ct);
        await With.Peer.TextAsync(id, "read me", before, Ct);

        await With.Peer.ReadAsync(With.OurPhone.Jid, [id], Ct);

        await With.Ours.EventAsync<MessageStatusChanged>(e => e.Ids.Contains(id) && e.Status == MessageStatus.Read, events, Ct);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_text_of_theirs_is_read()
    {
        var (before, events) = (With.Ours.Events.Position, With.Peer.Position);
        var id = await With.Peer.SendTextAsync(With.OurPhone.Jid, "read this", Ct);
        var received = await With.Ours.ReceivedAsync(id, before, Ct);

        await With.Ours.Client.Receipts.MarkReadAsync(received.Info.Chat, null, [id], Ct);

        await With.Peer.WaitAsync("read", e => (string?)e["id"] == id, events, Ct);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task The_conversation_goes_on_after_both_have_logged_in_again()
    {
        await TalkAsync(byLid: false);

        await With.Peer.ReconnectAsync(Ct);
        await With.Ours.ReconnectAsync(Ct);

        await TalkWithoutRetriesAsync(byLid: false);
    }

    /// <summary>A text each way, so that neither side's next message carries keys from which the session could be made anew.</summary>
    private protected async Task TalkAsync(bool byLid)
    {
        var (ours, theirs) = (With.Ours.Events.Position, With.Peer.Position);
        var first = await With.Ours.SendTextAsync(Address(With.PeerPhone, byLid), "ping", Ct);
        await With.Peer.TextAsync(first, "ping", theirs, Ct);
        var second = await With.Peer.SendTextAsync(Address(With.OurPhone, byLid), "pong", Ct);
        await With.Ours.ReceivedAsync(second, ours, Ct);
        var third = await With.Ours.SendTextAsync(Address(With.PeerPhone, byLid), "settled", Ct);
        await With.Peer.TextAsync(third, "settled", theirs, Ct);
    }

    private protected async Task TalkWithoutRetriesAsync(bool byLid)
    {
        var before = With.Simulator.Recorder.Stanzas.Position;
        await TalkAsync(byLid);
        Assert.DoesNotContain(With.Simulator.Recorder.Stanzas.Since(before), entry => entry.Node.Tag == "receipt" && entry.Node["type"] == "retry");
    }

    private async Task<MessageReceived> QuotableAsync(int after) =>
        await With.Ours.ReceivedAsync(await With.Peer.SendTextAsync(With.OurPhone.Jid, "quote me", Ct), after, Ct);

    private static async Task TalksWithAsync(PeerDevice peer, Phone own, Phone other)
    {
        var before = peer.Position;
        var there = await peer.SendTextAsync(other.Jid, "from the device", Ct);
        Assert.Equal("from the device", (await other.WaitForMessageAsync(message => message.Id == there, ct: Ct)).Text);
        var copy = await own.WaitForMessageAsync(message => message.Id == there, ct: Ct);
        Assert.Equal((true, "from the device"), (copy.FromMe, copy.Text));

        var back = await other.SendTextAsync(own.Number, "from the phone");
        await peer.TextAsync(back, "from the phone", before, Ct);
    }

    private protected static Jid Address(Phone phone, bool byLid) => byLid ? phone.Lid : phone.Jid;

    private protected static string? Text(MessageReceived received) =>
        received.Content.HasConversation ? received.Content.Conversation : received.Content.ExtendedTextMessage?.Text;
}
