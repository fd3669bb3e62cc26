using System.Security.Cryptography;
using System.Text;
using Evolution.Client.Stores;
using Evolution.Proto;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Server;
using Evolution.Simulator.Store;
using Google.Protobuf;
using Xunit;

namespace Evolution.Client.Tests.Messages;

/// <summary>People with several devices, what devices of one person tell each other, and the keys and tokens the server keeps.</summary>
public sealed class DevicesScenarioTests : Scenario
{
    [Fact]
    public async Task A_text_reaches_every_device_of_its_recipient_and_our_own_others()
    {
        await PairAsync();
        await using var ourOther = new TestDevice(Simulator);
        await PairAsync(ourOther, Bob);
        await using var first = new TestDevice(Simulator);
        await PairAsync(first, Alice);
        await using var second = new TestDevice(Simulator);
        await PairAsync(second, Alice);

        var info = await Device.Client.Messages.SendAsync(Alice.Jid, MessagingBench.Text("to all of you"), null, Ct);

        foreach (var device in (TestDevice[])[first, second])
            Assert.False((await device.MessageAsync(info.Id, Ct)).Info.FromMe);
        var copy = await ourOther.MessageAsync(info.Id, Ct);
        Assert.Equal((true, "to all of you", Alice.Lid), (copy.Info.FromMe, copy.Content.ExtendedTextMessage.Text, copy.Info.CanonicalChat));
        await Alice.WaitForMessageAsync(message => message.Id == info.Id, ct: Ct);
        Assert.True((await Bob.WaitForMessageAsync(message => message.Id == info.Id, ct: Ct)).FromMe);
        NoViolations();
    }

    [Fact]
    public async Task A_device_linked_later_gets_the_next_text_without_a_lookup()
    {
        await PairAsync();
        var before = await Device.Client.Messages.SendAsync(Alice.Jid, MessagingBench.Text("before"), null, Ct);
        await Alice.WaitForMessageAsync(message => message.Id == before.Id, ct: Ct);
        var watch = Watch();
        await using var late = new TestDevice(Simulator);
        await PairAsync(late, Alice);
        await watch.SeenAsync(StanzaDirection.In, node => node.Tag == "ack" && node["type"] == "devices", Ct);

        var info = await Device.Client.Messages.SendAsync(Alice.Jid, MessagingBench.Text("after"), null, Ct);

        Assert.Equal("after", (await late.MessageAsync(info.Id, Ct)).Content.ExtendedTextMessage.Text);
        Assert.DoesNotContain(watch.All(StanzaDirection.In), node => node["xmlns"] == "usync");
        NoViolations();
    }

    [Fact]
    public async Task Who_was_written_to_may_write_and_shows_the_token_for_it()
    {
        await PairAsync();
        await using var alices = new TestDevice(Simulator);
        await PairAsync(alices, Alice);
        var watch = Watch();

        await Device.Client.Messages.SendAsync(Alice.Jid, MessagingBench.Text("you may write to me"), null, Ct);
        await watch.SeenAsync(StanzaDirection.Out, node => node.Tag == "notification" && node["type"] == "privacy_token", Ct);
        await UntilStoredAsync(async () => (await alices.Store.LoadTrustedContactTokensAsync([Bob.Lid], Ct)).ContainsKey(Bob.Lid));
        var answer = await alices.Client.Messages.SendAsync(Bob.Jid, MessagingBench.Text("I do"), null, Ct);

        var sent = await watch.SeenAsync(StanzaDirection.In, node => node.Tag == "message" && node["id"] == answer.Id, Ct);
        var kept = (await alices.Store.LoadTrustedContactTokensAsync([Bob.Lid], Ct))[Bob.Lid];
        Assert.Equal(kept.Token, sent.Child("tctoken")!.Bytes.ToArray());
        NoViolations();
    }

    [Fact]
    public async Task Who_has_given_no_token_is_shown_the_one_that_the_accounts_salt_makes()
    {
        await PairAsync();
        await Device.Client.StopAsync(Ct);
        byte[] salt = [1, 2, 3];
        var credentials = (await Device.Store.LoadCredentialsAsync(Ct))!;
        await Device.Store.CommitAsync(new DeviceWriteSet { Credentials = credentials with { NctSalt = salt } }, Ct);
        await RestartAsync();
        var watch = Watch();

        var info = await Device.Client.Messages.SendAsync(Alice.Jid, MessagingBench.Text("we have never met"), null, Ct);

        var sent = await watch.SeenAsync(StanzaDirection.In, node => node.Tag == "message" && node["id"] == info.Id, Ct);
        Assert.Equal(HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes(Alice.Lid.ToString())), sent.Child("cstoken")!.Bytes.ToArray());
        Assert.Null(sent.Child("tctoken"));
        await Alice.WaitForMessageAsync(message => message.Id == info.Id, ct: Ct);
        NoViolations();
    }

    [Fact]
    public async Task Our_phone_gives_a_message_that_its_author_cannot()
    {
        await PairAsync();
        await ReceivedAsync(await Alice.SendTextAsync(BobNumber, "before"));
        var reply = await Device.Client.Messages.SendAsync(Alice.Jid, MessagingBench.Text("answer"), null, Ct);
        await Alice.WaitForMessageAsync(message => message.Id == reply.Id, ct: Ct);
        await Device.Client.StopAsync(Ct);
        await LoseSessionsAsync();
        var id = await Alice.SendTextAsync(BobNumber, "after");
        await Alice.GoOfflineAsync();

        await RestartAsync();

        await Device.EventAsync<MessageUndecryptable>(Ct, e => e.Info.Id == id);
        var received = await ReceivedAsync(id);
        Assert.Equal(("after", false, Alice.Lid), (received.Content.Conversation, received.Info.FromMe, received.Info.CanonicalChat));
        NoViolations();
    }

    [Fact]
    public async Task The_history_brings_the_LIDs_of_whom_our_phone_knows()
    {
        await Bob.SendTextAsync(AliceNumber, "long ago");

        await PairAsync();

        await UntilStoredAsync(async () => (await Device.Store.LoadLidsAsync([Alice.Jid], Ct)).GetValueOrDefault(Alice.Jid) == Alice.Lid);
        NoViolations();
    }

    [Fact]
    public async Task The_LIDs_that_our_phone_tells_are_kept()
    {
        await PairAsync();
        await SendMappingOfAliceAsync();

        await UntilStoredAsync(async () => (await Device.Store.LoadLidsAsync([Alice.Jid], Ct)).GetValueOrDefault(Alice.Jid) == Alice.Lid);
        NoViolations();
    }

    [Fact]
    public async Task Our_phones_session_is_free_while_the_LIDs_it_tells_are_learned()
    {
        const string CarolNumber = "5511999990003";
        await Simulator.World.CreatePhoneAsync(CarolNumber, "Carol");
        await PairAsync();
        var isFree = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Device.OnEvent = async (e, _) =>
        {
            if (e is not AddressLearned learned || learned.Phone != Alice.Jid)
                return;
            try
            {
                // Comes in Carol's lane, and is read with the session that brought the addresses.
                await ReceivedAsync(await Bob.SendTextAsync(CarolNumber, "meanwhile")).WaitAsync(TimeSpan.FromSeconds(10), Ct);
                isFree.SetResult();
            }
            catch (TimeoutException late)
            {
                isFree.SetException(late);
            }
        };

        await SendMappingOfAliceAsync();

        await isFree.Task.WaitAsync(TimeSpan.FromSeconds(20), Ct);
        NoViolations();
    }

    [Fact]
    public async Task Pre_keys_are_uploaded_once_and_anew_when_the_server_has_lost_them()
    {
        var watch = Watch();
        await PairAsync();
        await watch.SeenAsync(StanzaDirection.In, IsUpload, Ct);
        await RestartAsync();
        Assert.Single(watch.All(StanzaDirection.In), IsUpload);

        await Device.Client.StopAsync(Ct);
        Simulator.World.Directory.FindDevice(Device.Client.Device!.Value)!.PreKeys.Clear();
        await RestartAsync();

        var uploads = watch.All(StanzaDirection.In).Where(IsUpload).Select(node => node.Child("list")!.Children).ToList();
        Assert.Equal([812, 812], uploads.Select(keys => keys.Count));
        // An id is given out once.
        Assert.Equal(2 * 812, uploads.SelectMany(keys => keys).Select(key => Convert.ToHexString(key.Child("id")!.Bytes.Span)).Distinct().Count());
        NoViolations();
    }

    private static bool IsUpload(Node node) => node["xmlns"] == "encrypt" && node.Child("list") is not null;

    private StanzaWatch Watch()
    {
        var watch = new StanzaWatch();
        Simulator.World.Interceptor = watch;
        return watch;
    }

    private async Task SendMappingOfAliceAsync()
    {
        var payload = new LIDMigrationMappingSyncPayload
        {
            PnToLidMappings = { new LIDMigrationMapping { Pn = ulong.Parse(AliceNumber), AssignedLid = 1, LatestLid = ulong.Parse(Alice.Lid.User) } },
        };
        await SendFromPhoneAsync(new Message.Types.ProtocolMessage
        {
            Type = Message.Types.ProtocolMessage.Types.Type.LidMigrationMappingSync,
            LidMigrationMappingSyncMessage = new LIDMigrationMappingSyncMessage { EncodedMappingPayload = payload.ToByteString() },
        });
    }

    private async Task SendFromPhoneAsync(Message.Types.ProtocolMessage content)
    {
        var writes = new Writes();
        await Bob.Cipher.Gate.WaitAsync(Ct);
        try
        {
            var companion = Simulator.World.Directory.FindDevice(Device.Client.Device!.Value)!;
            Bob.Outbox.SendPeer(writes, companion, new Message { ProtocolMessage = content });
            await Simulator.World.Store.CommitAsync(writes);
        }
        finally
        {
            Bob.Cipher.Gate.Release();
        }
    }
}
