using System.Net;
using Evolution.Gateway.Providers;
using Evolution.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Evolution.Gateway.Tests.Api;

/// <summary>Who is meant by a number, and how long that is believed.</summary>
public sealed class RecipientsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{"text":"x"}""", """[["instance requires property \"number\""]]""")]
    [InlineData("""{"number":null,"text":"x"}""", """[["Invalid format"]]""")]
    [InlineData("""{"number":"","text":"x"}""", """[{"jid":"","exists":false,"number":""}]""")]
    [InlineData("""{"number":"abc","text":"x"}""", """[{"jid":"","exists":false,"number":"abc"}]""")]
    [InlineData("""{"number":"5511999990001,5511999990002","text":"x"}""", """[{"jid":"55119999900015511999990002@g.us","exists":false,"number":"5511999990001,5511999990002"}]""")]
    public async Task A_number_that_is_none_is_refused_and_nothing_is_sent(string body, string message)
    {
        await using var gateway = await RunningGateway.StartAsync(Stop);
        var token = await gateway.CreateAsync("sales", Stop);

        var reply = await gateway.PostAsync("/message/sendText/sales", token, body, Stop);

        Assert.Equal((HttpStatusCode.BadRequest, message), (reply.Status, reply.Message));
        Assert.Empty(gateway.HostOf("sales").Provider.Sent);
    }

    [Fact]
    public async Task A_number_that_was_found_is_believed_for_a_week_and_one_that_was_not_is_asked_each_time()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var gateway = await RunningGateway.StartAsync(services => services.AddSingleton<TimeProvider>(time), Stop);
        var token = await gateway.CreateAsync("sales", Stop);
        var other = await gateway.CreateAsync("support", Stop);
        var provider = gateway.HostOf("sales").Provider;
        provider.Known.Add("4915112345001");

        Task<Reply> SendAsync(string number) => gateway.PostAsync("/message/sendText/sales", token, $$"""{"number":"{{number}}","text":"x"}""", Stop);
        string[] Asked() => [.. provider.Asked.Select(jid => jid.User)];

        await SendAsync("4915112345001");
        await SendAsync("4915112345001");
        Assert.Equal(["4915112345001"], Asked());
        time.Advance(TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Created, (await SendAsync("4915112345001")).Status);
        Assert.Equal(["4915112345001", "4915112345001"], Asked());

        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync("4915112345002")).Status);
        provider.Known.Add("4915112345002");
        Assert.Equal(HttpStatusCode.Created, (await SendAsync("4915112345002")).Status);

        // What one instance has found out is no other's answer.
        Assert.Equal(HttpStatusCode.BadRequest, (await gateway.PostAsync("/message/sendText/support", other, """{"number":"4915112345001","text":"x"}""", Stop)).Status);
    }

    [Fact]
    public async Task A_lookup_without_a_connection_says_that_there_is_none()
    {
        await using var gateway = await RunningGateway.StartAsync(Stop);
        var token = await gateway.CreateAsync("sales", Stop);
        gateway.HostOf("sales").Provider.Failure = new ProviderException(ProviderError.NotConnected, "Connection Closed: the instance is not connected");

        var reply = await gateway.PostAsync("/chat/whatsappNumbers/sales", token, """{"numbers":["5511999990001"]}""", Stop);

        Assert.Equal(
            (HttpStatusCode.BadRequest, """{"status":400,"error":"Bad Request","message":["Error: Connection Closed: the instance is not connected"]}"""),
            (reply.Status, reply.Text));
    }
}
