using Evolution.Protocol.Jids;
using Evolution.Simulator.Phones;
using Xunit;

namespace Evolution.Client.Tests.Messages;

/// <summary>Texts, receipts, retries and history between a paired device and other people's phones.</summary>
public sealed class ScenarioTests : Scenario
{
    [Fact]
    public async Task A_text_goes_out_and_comes_back_confirmed()
    {
        await PairAsync();

        var info = await Device.Client.Messages.SendAsync(Alice.Jid, MessagingBench.Text("hello"), null, Ct);

        var arrived = await Alice.WaitForMessageAsync(message => message.Id == info.Id, ct: Ct);
        Assert.Equal("hello", arrived.Text);
        var copy = await Bob.WaitForMessageAsync(message => message.Id == info.Id, ct: Ct);
        Assert.Equal((true, "hello"), (copy.FromMe, copy.Text));
        await StatusAsync(info.Id, MessageStatus.ServerAck);
        await StatusAsync(info.Id, MessageStatus.Delivered);
        await Alice.ReadAsync(BobNumber, [info.Id]);
        Assert.Equal(Alice.Jid, (await StatusAsync(info.Id, MessageStatus.Read)).Chat);
        NoViolations();
    }

    [Fact]
    public async Task A_text_comes_in_and_its_author_sees_it_delivered_and_read()
    {
        await PairAsync();

        var id = await Alice.SendTextAsync(BobNumber, "hi");

        var received = await ReceivedAsync(id);
        Assert.Equal("hi", received.Content.Conversation);
        Assert.Equal((Alice.Jid, Alice.Lid, "Alice"), (received.Info.Chat, received.Info.CanonicalChat, received.Info.PushName));
        await UntilAsync(Alice, () => Alice.FindMessage(id)?.Receipts.Delivered is not null);
        await Device.Client.Receipts.MarkReadAsync(received.Info.Chat, null, [id], Ct);
        await UntilAsync(Alice, () => Alice.FindMessage(id)?.Receipts.Read is not null);
        NoViolations();
    }

    [Fact]
    public async Task A_text_written_on_our_phone_arrives_as_ours()
    {
        await PairAsync();

        var id = await Bob.SendTextAsync(AliceNumber, "from my phone");

        var received = await ReceivedAsync(id);
        Assert.True(received.Info.FromMe);
        Assert.Equal(Alice.Lid, received.Info.CanonicalChat);
        NoViolations();
    }

    [Fact]
    public async Task A_message_we_cannot_read_is_asked_for_and_comes_after_a_restart_that_lost_the_session()
    {
        await PairAsync();
        var first = await Alice.SendTextAsync(BobNumber, "before");
        await ReceivedAsync(first);
        // Both have written, so that what follows carries no keys from which the session could be made again.
        var reply = await Device.Client.Messages.SendAsync(Alice.Jid, MessagingBench.Text("answer"), null, Ct);
        await Alice.WaitForMessageAsync(message => message.Id == reply.Id, ct: Ct);
        await Device.Client.StopAsync(Ct);
        await LoseSessionsAsync();
        await RestartAsync();

        var id = await Alice.SendTextAsync(BobNumber, "after");

        var placeholder = await Device.EventAsync<MessageUndecryptable>(Ct, e => e.Info.Id == id);
        Assert.True(placeholder.Replaceable);
        Assert.Equal("after", (await ReceivedAsync(id)).Content.Conversation);
        NoViolations();
    }

    [Fact]
    public async Task A_phone_that_lost_its_session_gets_the_message_again_also_when_we_were_restarted_in_between()
    {
        await PairAsync();
        var first = await Device.Client.Messages.SendAsync(Alice.Jid, MessagingBench.Text("before"), null, Ct);
        await Alice.WaitForMessageAsync(message => message.Id == first.Id, ct: Ct);
        await ReceivedAsync(await Alice.SendTextAsync(BobNumber, "answer"));
        await Alice.GoOfflineAsync();
        var info = await Device.Client.Messages.SendAsync(Alice.Jid, MessagingBench.Text("after"), null, Ct);
        await StatusAsync(info.Id, MessageStatus.ServerAck);
        await RestartAsync();
        await Alice.ForgetSessionAsync(Bob.Jid.WithDevice(Device.Client.Device!.Value.Device));

        await Alice.GoOnlineAsync();

        Assert.Equal("after", (await Alice.WaitForMessageAsync(message => message.Id == info.Id, ct: Ct)).Text);
        NoViolations();
    }

    [Fact]
    public async Task One_person_by_LID_and_by_phone_is_one_session_and_one_chat()
    {
        await PairAsync();
        var byPhone = await ReceivedAsync(await Alice.SendTextAsync(BobNumber, "by phone", new OutgoingMessage { ByLid = false }));
        var byLid = await ReceivedAsync(await Alice.SendTextAsync(BobNumber, "by LID", new OutgoingMessage { ByLid = true }));
        var again = await ReceivedAsync(await Alice.SendTextAsync(BobNumber, "by phone again", new OutgoingMessage { ByLid = false }));

        Assert.Equal((Alice.Jid, Alice.Lid), (byPhone.Info.Chat, byLid.Info.Chat));
        Assert.All([byPhone, byLid, again], received => Assert.Equal(Alice.Lid, received.Info.CanonicalChat));
        var answer = await Device.Client.Messages.SendAsync(Alice.Lid, MessagingBench.Text("to the LID"), null, Ct);
        Assert.Equal("to the LID", (await Alice.WaitForMessageAsync(message => message.Id == answer.Id, ct: Ct)).Text);
        NoViolations();
    }

    [Fact]
    public async Task A_person_with_a_new_phone_is_told_and_the_conversation_goes_on()
    {
        await PairAsync();
        await ReceivedAsync(await Alice.SendTextAsync(BobNumber, "old phone"));

        await Alice.ReRegisterAsync();

        await Device.EventAsync<IdentityChanged>(Ct);
        var info = await Device.Client.Messages.SendAsync(Alice.Jid, MessagingBench.Text("are you there?"), null, Ct);
        Assert.Equal("are you there?", (await Alice.WaitForMessageAsync(message => message.Id == info.Id, ct: Ct)).Text);
        Assert.Equal("new phone", (await ReceivedAsync(await Alice.SendTextAsync(BobNumber, "new phone"))).Content.Conversation);
        NoViolations();
    }

    [Fact]
    public async Task What_waited_while_we_were_away_comes_in_order_and_once()
    {
        await PairAsync();
        await Device.Client.StopAsync(Ct);
        var ids = new List<string>();
        for (var n = 0; n < 300; n++)
            ids.Add(await Alice.SendTextAsync(BobNumber, $"{n}"));

        Device.Client.Start();

        var received = new List<string>();
        while (received.Count < ids.Count)
        {
            var message = await Device.EventAsync<MessageReceived>(Ct);
            Assert.True(message.Offline);
            received.Add(message.Info.Id);
        }

        Assert.Equal(ids, received);
        await UntilAsync(Alice, () => ids.All(id => Alice.FindMessage(id)?.Receipts.Delivered is not null));
        NoViolations();
    }

    [Fact]
    public async Task A_failing_commit_acknowledges_nothing_and_the_message_comes_again()
    {
        await PairAsync();
        var failures = 0;
        Device.OnEvent = (e, _) => e is MessageReceived && Interlocked.Increment(ref failures) == 1
            ? throw new IOException("disk full")
            : ValueTask.CompletedTask;

        var id = await Alice.SendTextAsync(BobNumber, "hi");

        Assert.Equal("hi", (await ReceivedAsync(id)).Content.Conversation);
        Assert.Equal(2, failures);
        await UntilAsync(Alice, () => Alice.FindMessage(id)?.Receipts.Delivered is not null);
    }

    [Fact]
    public async Task The_history_of_a_new_device_comes_in_bounded_parts_with_names_and_keys()
    {
        var carol = await Simulator.World.CreatePhoneAsync("5511999990003", "Carol", past: new PastSpec(Chats: 60, MessagesPerChat: 20));
        await using var other = new TestDevice(Simulator);
        other.Client.Start();
        await carol.ScanAsync((await other.EventAsync<QrCodeIssued>(Ct)).Text, ct: Ct);

        var (chats, messages, names, last) = (new HashSet<Jid>(), 0, new List<string?>(), "");
        while (last != "PUSH_NAME")
        {
            var chunk = (await other.EventAsync<HistoryReceived>(Ct)).Chunk;
            Assert.InRange(chunk.Messages.Count, 0, 500);
            chats.UnionWith(chunk.Chats.Select(chat => chat.Chat));
            messages += chunk.Messages.Count;
            names.AddRange(chunk.Contacts.Select(contact => contact.PushName));
            if (chunk.IsLast)
                last = chunk.SyncType;
        }

        Assert.Equal((60, 1200), (chats.Count, messages));
        Assert.Contains("Carol", names);
        await UntilStoredAsync(async () => (await other.Store.LoadCredentialsAsync(Ct))!.PushName == "Carol");
        await UntilStoredAsync(async () => await other.Store.LoadLatestAppStateKeyAsync(Ct) is not null);
        NoViolations();
    }

    [Fact]
    public async Task Messages_both_ways_at_the_same_time_all_arrive()
    {
        await PairAsync();
        var carol = await Simulator.World.CreatePhoneAsync("5511999990003", "Carol");

        var outgoing = Task.WhenAll(Enumerable.Range(0, 40).Select(n =>
            Device.Client.Messages.SendAsync(n % 2 == 0 ? Alice.Jid : carol.Jid, MessagingBench.Text($"out {n}"), null, Ct)));
        var incoming = Task.WhenAll(Enumerable.Range(0, 40).Select(n => (n % 2 == 0 ? Alice : carol).SendTextAsync(BobNumber, $"in {n}")));

        var expected = (await incoming).ToHashSet();
        while (expected.Count > 0)
            expected.Remove((await Device.EventAsync<MessageReceived>(Ct)).Info.Id);
        foreach (var (info, n) in (await outgoing).Select((info, n) => (info, n)))
            Assert.Equal($"out {n}", (await (n % 2 == 0 ? Alice : carol).WaitForMessageAsync(message => message.Id == info.Id, ct: Ct)).Text);
        Assert.Equal((0, 0, 0), (Alice.Undecryptable, Bob.Undecryptable, carol.Undecryptable));
        NoViolations();
    }

    [Fact]
    public async Task Numbers_are_looked_up()
    {
        await PairAsync();

        var answers = await Device.Client.Directory.OnWhatsAppAsync(["+55 11 99999-0002", "5511999990099"], Ct);

        var found = answers.Single(answer => answer.Exists);
        Assert.Equal((AliceNumber, Alice.Jid), (found.Digits, found.User));
        Assert.DoesNotContain(answers, answer => answer.Exists && answer.Digits == "5511999990099");
        NoViolations();
    }

    [Fact]
    public async Task Presence_goes_both_ways()
    {
        await PairAsync();
        await Device.Client.Presence.SubscribeAsync(Alice.Jid, Ct);
        Alice.SetAvailable(true);
        Assert.Equal("available", (await Device.EventAsync<PresenceChanged>(Ct, e => e.State != "unavailable")).State);

        // Others' typing is only told to who appears online, which needs our name; it comes with the history.
        await UntilStoredAsync(() => Device.Client.Presence.SetOnlineAsync(online: true, Ct));
        // An answered request shows that the server has seen the presence before it.
        await Device.Client.Directory.OnWhatsAppAsync([Alice.Number], Ct);
        Alice.SetChatstate(BobNumber, "recording");

        var changed = await Device.EventAsync<PresenceChanged>(Ct, e => e.State == "recording");
        Assert.Contains(changed.Chat, new[] { Alice.Jid, Alice.Lid });
        await Device.Client.Presence.SendAsync(Alice.Jid, Presence.ChatState.Composing, Ct);
        NoViolations();
    }
}
