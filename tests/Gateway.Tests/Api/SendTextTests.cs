using System.Net;
using Evolution.Client.Stores;
using Evolution.Gateway.Providers;
using Evolution.Gateway.Providers.Outgoing;
using Evolution.Gateway.Tests.Support;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Storage.Database;
using Evolution.Storage.Devices;
using Evolution.Storage.Instances;
using Evolution.Storage.Messages;
using Microsoft.Extensions.DependencyInjection;

namespace Evolution.Gateway.Tests.Api;

public sealed class SendTextTests : IAsyncLifetime
{
    private RunningGateway gateway = null!;
    private string token = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ScriptedProvider Provider => gateway.HostOf("sales").Provider;

    public async ValueTask InitializeAsync()
    {
        gateway = await RunningGateway.StartAsync(Stop);
        token = await gateway.CreateAsync("sales", Stop);
    }

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task A_text_goes_to_the_number_and_the_record_comes_back_with_201()
    {
        var reply = await SendAsync("""{"number":"+55 11 99999-0001","text":"Olá"}""");

        Assert.Equal((HttpStatusCode.Created, """{"key":{"id":"3EB0000000000000000001"}}"""), (reply.Status, reply.Text));
        var sent = Assert.Single(Provider.Sent);
        Assert.Equal(("5511999990001", "Olá"), (sent.To.User, Assert.IsType<OutgoingText>(sent.Content).Text));
        Assert.Empty(Provider.Presences);
    }

    [Fact]
    public async Task A_number_that_nobody_has_is_400_with_the_lookup_as_its_message()
    {
        var reply = await SendAsync("""{"number":"0001","text":"x"}""");

        Assert.Equal((HttpStatusCode.BadRequest, """[{"jid":"0001@s.whatsapp.net","exists":false,"number":"0001"}]"""), (reply.Status, reply.Message));
        Assert.Empty(Provider.Sent);
    }

    [Fact]
    public async Task The_servers_spelling_of_a_number_wins_and_is_remembered()
    {
        Provider.Known.Add("553188887777");

        await SendAsync("""{"number":"5531988887777","text":"a"}""");
        await SendAsync("""{"number":"5531988887777","text":"b"}""");

        Assert.All(Provider.Sent, sent => Assert.Equal("553188887777", sent.To.User));
        Assert.Equal(["5531988887777", "553188887777"], Provider.Asked.Select(jid => jid.User));
    }

    [Theory]
    [InlineData("""{"number":"5511999990001","text":" \n "}""", """["Text is required"]""")]
    [InlineData("""{"text":5}""", """[["text is not of a type(s) string","instance requires property \"number\""]]""")]
    [InlineData("""{"number":5,"text":"x","delay":"1"}""", """[["Invalid format","Enter a value in milliseconds"]]""")]
    [InlineData("""{"number":"1","text":"x","mentioned":["a","a"]}""", """[["mentioned contains duplicate item","\"mentioned\" must be an array of numeric strings","\"mentioned\" must be an array of numeric strings"]]""")]
    [InlineData("""{"number":"1","text":"x","quoted":{"key":{"id":""}}}""", """[["The \"id\" cannot be empty"]]""")]
    public async Task What_is_wrong_with_a_body_is_told_in_Evolutions_words(string body, string message)
    {
        var reply = await SendAsync(body);

        Assert.Equal((HttpStatusCode.BadRequest, message), (reply.Status, reply.Message));
    }

    [Fact]
    public async Task What_WhatsApp_refuses_is_a_400_with_its_words()
    {
        Provider.Failure = new ProviderException(ProviderError.NotConnected, "Connection Closed");

        var reply = await SendAsync("""{"number":"5511999990001","text":"x"}""");

        Assert.Equal((HttpStatusCode.BadRequest, """["Error: Connection Closed"]"""), (reply.Status, reply.Message));
    }

    [Fact]
    public async Task A_delay_shows_typing_first()
    {
        await SendAsync("""{"number":"5511999990001","text":"x","delay":1}""");

        Assert.Equal(["5511999990001 subscribe", "5511999990001 Composing", "5511999990001 Paused"], Provider.Presences);
        Assert.Single(Provider.Sent);
    }

    [Fact]
    public async Task A_delay_before_a_voice_note_shows_recording()
    {
        var opus = Convert.ToBase64String(EndToEnd.MediaSample.Opus(2));

        await gateway.PostAsync("/message/sendWhatsAppAudio/sales", token, $$"""{"number":"5511999990001","audio":"{{opus}}","encoding":false,"delay":1}""", Stop);

        Assert.Equal(["5511999990001 subscribe", "5511999990001 Recording", "5511999990001 Paused"], Provider.Presences);
    }

    [Fact]
    public async Task Mentions_count_in_groups_only()
    {
        Provider.Groups["120363000000000001"] = new GroupSummary(
            Jid.Parse("120363000000000001@g.us"), "Team", [Jid.ForPhone("5511999990001"), Jid.ForPhone("5511999990002")]);

        await SendAsync("""{"number":"120363000000000001","text":"a","mentioned":["5511999990001","120363000000000001"]}""");
        await SendAsync("""{"number":"120363000000000001","text":"b","mentionsEveryOne":true,"mentioned":["5511999990001"]}""");
        await SendAsync("""{"number":"5511999990001","text":"c","mentioned":["5511999990002"]}""");

        Assert.Equal(["5511999990001", "5511999990001,5511999990002", ""], Provider.Sent.Select(sent => string.Join(',', sent.Mentioned.Select(jid => jid.User))));
    }

    [Fact]
    public async Task A_quote_may_be_given_whole_or_found_by_its_id_and_an_unknown_one_is_left_out()
    {
        await StoreAsync("3A01", "earlier");

        await SendAsync("""{"number":"5511999990001","text":"a","quoted":{"key":{"id":"3A02"},"message":{"conversation":"given"}}}""");
        await SendAsync("""{"number":"5511999990001","text":"b","quoted":{"key":{"id":"3A01"}}}""");
        await SendAsync("""{"number":"5511999990001","text":"c","quoted":{"key":{"id":"3A99"}}}""");

        Assert.Equal(["given", "earlier", null], Provider.Sent.Select(sent => sent.Quoted is null ? null : Message.Parser.ParseFrom(sent.Quoted.Content.Span).Conversation));
        Assert.Equal("3A01", Provider.Sent[1].Quoted!.Id);
        Assert.Equal(
            HttpStatusCode.BadRequest,
            (await SendAsync("""{"number":"5511999990001","text":"d","quoted":{"key":{"id":"3A02"},"message":{"conversation":5}}}""")).Status);
    }

    private async Task StoreAsync(string id, string text)
    {
        var instance = gateway.InstanceOf("sales");
        var ownership = gateway.Services.GetRequiredService<InstanceOwnership>();
        var row = new MessageRow
        {
            Id = Storage.RowId.New(TimeProvider.System),
            KeyId = id,
            RemoteJid = "5511999990001@s.whatsapp.net",
            FromMe = false,
            MessageType = "conversation",
            Message = $$"""{"conversation":"{{text}}"}""",
            Source = "ios",
            MessageTimestamp = 1761048000,
        };
        var device = new SqliteDeviceStore(gateway.Services.GetRequiredService<SqliteDatabase>(), await ownership.AcquireAsync(instance.Id, Stop));
        var writes = new DeviceWriteSet();
        writes.Attached.Add(new InsertMessage(Jid.ForPhone("5511999990001"), Jid.ForPhone("5511999990001"), row));
        await device.CommitAsync(writes, Stop);
    }

    private Task<Reply> SendAsync(string body) => gateway.PostAsync("/message/sendText/sales", token, body, Stop);
}
