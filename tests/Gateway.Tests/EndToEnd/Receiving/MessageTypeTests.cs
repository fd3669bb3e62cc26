using Evolution.Proto;

namespace Evolution.Gateway.Tests.EndToEnd.Receiving;

/// <summary>
/// Every kind of content of the schema, as a phone sends it: by itself, as an answer, and in the wrappers. The event has all of it, under the name
/// and in the form of the contract, and the find route has the same.
/// </summary>
public sealed class MessageTypeTests(LinkedGatewayFixture fixture) : IClassFixture<LinkedGatewayFixture>
{
    // What acts on another message or is meant for the device alone.
    private static readonly string[] s_silent =
    [
        "senderKeyDistributionMessage", "protocolMessage", "fastRatchetKeySenderKeyDistributionMessage", "deviceSentMessage", "pollUpdateMessage", "secretEncryptedMessage",
    ];

    // Evolution looks for a name with "Message" in it.
    private static readonly string[] s_nameless =
        ["call", "chat", "callLogMesssage", "messageHistoryBundle", "eventCoverImage", "statusAddYours", "messageHistoryNotice"];

    private static readonly string[] s_wrappers = ["ephemeralMessage", "viewOnceMessage", "viewOnceMessageV2", "viewOnceMessageV2Extension", "documentWithCaptionMessage", "editedMessage"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private LinkedGateway Linked => fixture.Linked;

    public static TheoryData<string> Told => [.. ContentSamples.Kinds.Select(kind => kind.Name).Except(s_silent, StringComparer.Ordinal)];

    public static TheoryData<string> Silent => [.. s_silent];

    [Theory(Timeout = TestLimit.Ms)]
    [MemberData(nameof(Told))]
    public async Task It_is_told_whole_in_every_form_and_stored_the_same(string kind)
    {
        var forms = new List<(Message Sent, ContextInfo? Context)> { (ContentSamples.Of(kind), null) };
        if (ContentSamples.ContextOf(kind) is not null)
        {
            forms.Add((ContentSamples.Reply(kind), ContentSamples.Context()));
            forms.AddRange(s_wrappers.Where(wrapper => IsShownAsWrapped(wrapper, kind)).Select(wrapper => (Wrapped(wrapper, ContentSamples.Reply(kind)), (ContextInfo?)ContentSamples.Context())));
        }

        var ids = new List<string>();
        foreach (var (sent, _) in forms)
            ids.Add(await Linked.SendAsync(sent));

        foreach (var ((sent, context), id) in forms.Zip(ids))
        {
            var data = await Linked.UpsertAsync(id, Ct);
            Assert.Equal(TypeOf(sent), (string?)data["messageType"]);
            Assert.Equal(ContentSamples.Folded(sent), Inbound.Read<Message>(data["message"]!));
            Assert.Equal(Folded(context), data["contextInfo"] is { } shown ? Inbound.Read<ContextInfo>(shown) : null);
            Assert.Equal(("Bob", "DELIVERY_ACK", "ios"), ((string?)data["pushName"], (string?)data["status"], (string?)data["source"]));
            Assert.Null(data["message"]!["raw"]);
            await Linked.AgreesWithRecordAsync(data, Ct);
        }
    }

    [Theory(Timeout = TestLimit.Ms)]
    [MemberData(nameof(Silent))]
    public async Task What_is_no_message_of_its_own_is_not_told_as_one_in_whatever_it_is_wrapped(string kind)
    {
        var ids = new List<string> { await Linked.SendAsync(ContentSamples.Of(kind)) };
        foreach (var wrapper in s_wrappers)
            ids.Add(await Linked.SendAsync(kind is "deviceSentMessage" ? ContentSamples.Of(kind) : Wrapped(wrapper, ContentSamples.Of(kind))));

        await Linked.SettleAsync(Ct);

        foreach (var id in ids)
        {
            Assert.Empty(Linked.EventsOf(id));
            Assert.Null(await Linked.FindAsync(id, Ct));
        }
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_kind_that_the_schema_does_not_know_is_told_with_its_bytes_and_counted()
    {
        // Field 2000, a text inside, with a secret beside it as most messages have.
        byte[] unknown = [0x82, 0x7D, 0x04, 0x0A, 0x02, (byte)'h', (byte)'i', 0x9A, 0x02, 0x02, 0x10, 0x02];
        var before = await Linked.CountAsync("evolution_messages_unknown_contents_total", null, Ct);

        foreach (var (sent, type) in new[] { (Message.Parser.ParseFrom(unknown), "unknown"), (Wrapped("ephemeralMessage", Message.Parser.ParseFrom(unknown)), "ephemeralMessage") })
        {
            var data = await Linked.ReceiveAsync(sent, Ct);

            Assert.Equal(type, (string?)data["messageType"]);
            Assert.Equal(sent, Message.Parser.ParseFrom(Convert.FromBase64String((string)data["message"]!["raw"]!)));
            await Linked.AgreesWithRecordAsync(data, Ct);
        }

        Assert.Equal(before + 2, await Linked.CountAsync("evolution_messages_unknown_contents_total", null, Ct));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_members_key_for_the_group_is_not_told_with_the_message_it_came_with()
    {
        var group = await Linked.Simulator.World.CreateGroupAsync(LinkedGateway.OtherNumber, "Club", [LinkedGateway.OwnNumber]);

        var data = await Linked.UpsertAsync(await Linked.Other.SendTextAsync(group.ToString(), "Hello"), Ct);

        Assert.Equal("""{"conversation":"Hello"}""", data["message"]!.ToJsonString());
    }

    private static string TypeOf(Message sent)
    {
        var name = ContentSamples.Kinds.Single(kind => kind.Accessor.HasValue(sent)).Name;
        return name switch
        {
            "extendedTextMessage" => "conversation",
            "documentWithCaptionMessage" when sent.DocumentWithCaptionMessage.Message.DocumentMessage is not null => "documentMessage",
            _ => s_nameless.Contains(name) ? "unknown" : name,
        };
    }

    // A wrapped change is the change; a wrapped wrapper says nothing more here.
    private static bool IsShownAsWrapped(string wrapper, string kind) =>
        wrapper switch
        {
            "documentWithCaptionMessage" => kind == "documentMessage",
            "viewOnceMessage" or "viewOnceMessageV2" => kind is "imageMessage" or "videoMessage" or "interactiveMessage" or "extendedTextMessage",
            "viewOnceMessageV2Extension" => kind == "audioMessage",
            "editedMessage" => kind is "extendedTextMessage" or "imageMessage",
            _ => true,
        };

    private static Message Wrapped(string wrapper, Message content)
    {
        var message = new Message();
        ContentSamples.Kind(wrapper).Accessor.SetValue(message, new Message.Types.FutureProofMessage { Message = content });
        return message;
    }

    private static ContextInfo? Folded(ContextInfo? context)
    {
        if (context?.QuotedMessage is not { } quoted)
            return context;
        var folded = context.Clone();
        folded.QuotedMessage = ContentSamples.Folded(quoted);
        return folded;
    }
}
