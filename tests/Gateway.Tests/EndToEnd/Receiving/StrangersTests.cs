using Evolution.Gateway.Tests.Support;
using Evolution.Proto;
using Evolution.Simulator.Phones;
using Google.Protobuf;
using ProtocolType = Evolution.Proto.Message.Types.ProtocolMessage.Types.Type;

namespace Evolution.Gateway.Tests.EndToEnd.Receiving;

/// <summary>What somebody who is not us can't do.</summary>
public sealed class StrangersTests : IAsyncLifetime
{
    private static readonly byte[] s_key = [.. Enumerable.Range(40, 32).Select(n => (byte)n)];

    private static readonly ProtocolType[] s_selfOnly =
    [
        ProtocolType.HistorySyncNotification, ProtocolType.AppStateSyncKeyShare, ProtocolType.AppStateSyncKeyRequest, ProtocolType.InitialSecurityNotificationSettingSync,
        ProtocolType.AppStateFatalExceptionNotification, ProtocolType.PeerDataOperationRequestMessage, ProtocolType.PeerDataOperationRequestResponseMessage,
        ProtocolType.LidMigrationMappingSync,
    ];

    private readonly RecordedLog _log = new();
    private LinkedGateway _linked = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _linked = await LinkedGateway.StartAsync(_log, Ct, ("PROMETHEUS_METRICS", "true"));

    public ValueTask DisposeAsync() => _linked.DisposeAsync();

    [Fact(Timeout = TestLimit.Ms)]
    public async Task What_only_our_own_devices_may_send_is_dropped_and_counted_however_it_is_wrapped()
    {
        const string Counter = "evolution_client_dropped_messages_total";
        var before = await _linked.CountAsync(Counter, "self_only", Ct);
        var ids = new List<string>();
        foreach (var type in s_selfOnly)
        {
            ids.Add(await _linked.SendAsync(Protocol(type)));
            ids.Add(await _linked.SendAsync(Nested(Protocol(type), 1)));
            ids.Add(await _linked.SendAsync(Nested(Protocol(type), 9)));
        }

        await _linked.SettleAsync(Ct);

        foreach (var id in ids)
            Assert.Empty(_linked.EventsOf(id));
        Assert.True(await _linked.CountAsync(Counter, "self_only", Ct) >= before + ids.Count);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task No_protocol_message_is_a_message_and_none_changes_what_is_not_there()
    {
        var ids = new List<string>();
        foreach (var type in Enum.GetValues<ProtocolType>())
        {
            ids.Add(await _linked.SendAsync(Protocol(type)));
            ids.Add(await _linked.SendAsync(Nested(Protocol(type), 1)));
        }

        await _linked.SettleAsync(Ct);

        foreach (var id in ids)
        {
            Assert.Empty(_linked.EventsOf(id));
            Assert.Null(await _linked.FindAsync(id, Ct));
        }
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task App_state_keys_leave_through_no_event_and_no_log_not_even_our_own_phones()
    {
        var target = (string)(await _linked.ReceiveAsync(new Message { Conversation = "mine" }, Ct))["key"]!["id"]!;
        var ridingAlong = Protocol(ProtocolType.MessageEdit);
        ridingAlong.ProtocolMessage.Key = new MessageKey { Id = target, FromMe = true };
        ridingAlong.ProtocolMessage.EditedMessage = new Message { Conversation = "edited" };
        await _linked.SendAsync(ridingAlong);
        await _linked.SendAsync(Edit(target, Protocol(ProtocolType.AppStateSyncKeyShare)));
        await _linked.SendAsync(Protocol(ProtocolType.AppStateSyncKeyShare));
        await _linked.Own.SendAsync(LinkedGateway.OtherNumber, Protocol(ProtocolType.AppStateSyncKeyShare));
        await _linked.Own.SendAsync(LinkedGateway.OtherNumber, Nested(Protocol(ProtocolType.AppStateSyncKeyShare), 7));
        var last = await _linked.Own.SendTextAsync(LinkedGateway.OtherNumber, "from the phone");
        await _linked.UpsertAsync(last, Ct);
        await _linked.SettleAsync(Ct);

        await _linked.Receiver.WaitAsync("messages.edited", data => (string?)data["editedMessage"]!["conversation"] == "edited", Ct);
        Assert.Single(_linked.Receiver.Events, e => (string?)e["event"] == "messages.edited");
        Assert.Equal("edited", (string?)(await _linked.FindAsync(target, Ct))!["message"]!["conversation"]);
        string[] written = [Convert.ToBase64String(s_key), "\"0\":40,\"1\":41,\"2\":42", Convert.ToHexString(s_key), Convert.ToHexStringLower(s_key)];
        foreach (var text in _linked.Receiver.Events.Select(e => e.ToJsonString()).Concat(_log.Entries.Select(entry => entry.ToString())))
            Assert.DoesNotContain(written, form => text.Contains(form, StringComparison.Ordinal));
        Assert.DoesNotContain(_linked.Receiver.Events, e => e.ToJsonString().Contains("appStateSyncKeyShare", StringComparison.Ordinal));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public Task Ten_thousand_wrappers_cost_nothing_but_a_question_and_the_connection_lives() => TakeTenThousandWrappersAsync();

    [Fact(Timeout = TestLimit.Ms)]
    [Trait("Part", "budgets")]
    public async Task Ten_thousand_wrappers_take_bounded_memory()
    {
        var allocated = GC.GetTotalAllocatedBytes();
        await TakeTenThousandWrappersAsync();
        Assert.True(GC.GetTotalAllocatedBytes() - allocated < 500_000_000);
    }

    private async Task TakeTenThousandWrappersAsync()
    {
        var opened = _linked.Receiver.Events.Count(e => (string?)e["event"] == "connection.update");

        var id = await _linked.SendAsync(new Message { Conversation = "asked for again" }, new OutgoingMessage { Plaintext = Wrapped(10_000) });

        // The phone gives what it really has when it is asked.
        Assert.Equal("asked for again", (string?)(await _linked.UpsertAsync(id, Ct))["message"]!["conversation"]);
        await _linked.SettleAsync(Ct);
        Assert.Single(_linked.EventsOf(id), name => name == "messages.upsert");
        Assert.Equal(opened, _linked.Receiver.Events.Count(e => (string?)e["event"] == "connection.update"));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task As_many_wrappers_as_can_be_read_are_told_stored_and_found()
    {
        // Files are wanted, so that the event is read again before it leaves.
        await _linked.SubscribeAsync(Ct, base64: true);
        var content = Nested(new Message { ImageMessage = new Message.Types.ImageMessage { Caption = "deep" } }, 47);

        var data = await _linked.ReceiveAsync(content, Ct);

        Assert.Equal("ephemeralMessage", (string?)data["messageType"]);
        Assert.Equal(content, Inbound.Read<Message>(data["message"]!));
        await _linked.AgreesWithRecordAsync(data, Ct);
        await _linked.Gateway.PostAsync("/chat/findChats/sales", new { }, Ct);
        await _linked.Gateway.PostAsync(
            "/message/sendText/sales", new { number = LinkedGateway.OtherNumber, text = "what?", quoted = new { key = new { id = (string)data["key"]!["id"]! } } }, Ct);
        Assert.Equal("what?", (await _linked.Other.WaitForMessageAsync(message => message.Text == "what?", ct: Ct)).Text);
        // An answer to it is looked at with the message itself.
        await _linked.SendAsync(Edit((string)data["key"]!["id"]!, new Message { Conversation = "flat" }));
        await _linked.Receiver.WaitAsync("messages.edited", null, Ct);
    }

    private static Message Edit(string id, Message edited) => new()
    {
        ProtocolMessage = new() { Key = new MessageKey { Id = id, FromMe = true }, Type = ProtocolType.MessageEdit, EditedMessage = edited },
    };

    private static Message Protocol(ProtocolType type)
    {
        var message = new Message
        {
            ProtocolMessage = new Message.Types.ProtocolMessage
            {
                Type = type,
                Key = new MessageKey { Id = "3EB0NOTHERE", FromMe = true },
                EphemeralExpiration = 86_400,
                AppStateSyncKeyShare = new Message.Types.AppStateSyncKeyShare(),
                EditedMessage = new Message { Conversation = "edited" },
            },
        };
        message.ProtocolMessage.AppStateSyncKeyShare.Keys.Add(new Message.Types.AppStateSyncKey
        {
            KeyId = new Message.Types.AppStateSyncKeyId { KeyId = ByteString.CopyFrom(1, 2, 3, 4, 5, 6) },
            KeyData = new Message.Types.AppStateSyncKeyData { KeyData = ByteString.CopyFrom(s_key), Timestamp = 1 },
        });
        return message;
    }

    private static Message Nested(Message content, int wrappers)
    {
        for (var n = 0; n < wrappers; n++)
            content = new Message { EphemeralMessage = new Message.Types.FutureProofMessage { Message = content } };
        return content;
    }

    // Written by hand, from the inside out: no message of this depth can be built and serialised.
    private static byte[] Wrapped(int wrappers)
    {
        var parts = new Stack<byte[]>();
        byte[] inner = [0x0A, 0x02, (byte)'h', (byte)'i'];
        parts.Push(inner);
        var length = inner.Length;
        for (var n = 0; n < wrappers * 2; n++)
        {
            // Field 1 of the wrapper, field 40 of the message.
            byte[] head = [.. n % 2 == 0 ? (byte[])[0x0A] : [0xC2, 0x02], .. Varint(length)];
            parts.Push(head);
            length += head.Length;
        }

        return [.. parts.SelectMany(part => part)];
    }

    private static IEnumerable<byte> Varint(int value)
    {
        for (; value >= 0x80; value >>= 7)
            yield return (byte)(value | 0x80);
        yield return (byte)value;
    }
}
