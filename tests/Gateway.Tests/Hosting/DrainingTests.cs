using System.Net.Http.Headers;
using System.Text;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Tests.EndToEnd;
using Evolution.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using RunningGateway = Evolution.Gateway.Tests.Support.RunningGateway;

namespace Evolution.Gateway.Tests.Hosting;

/// <summary>The gateway's stop, on a clock of the test's own: what the two seconds are for.</summary>
public sealed class DrainingTests
{
    private const string Path = "/message/sendText/sales";
    private const string Body = """{"number":"5511999990001","text":"hello"}""";

    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Once_it_stops_nothing_new_is_accepted_what_runs_finishes_and_what_lasts_longer_than_two_seconds_is_cut_off()
    {
        await using var gateway = await RunningGateway.StartAsync(
            services => services.AddSingleton<TimeProvider>(_time).Configure<HostOptions>(host => host.ShutdownTimeout = Timeout.InfiniteTimeSpan), Stop);
        var token = await gateway.CreateAsync("sales", Stop);
        gateway.HostOf("sales").Be(ConnectionState.Open);
        var provider = gateway.HostOf("sales").Provider;
        // One request that is never answered, and one that ends as soon as its body does.
        provider.Answer = Task.Delay(Timeout.Infinite, Stop);
        using var http = new HttpClient { BaseAddress = gateway.Address };
        var endless = PostAsync(http, token);
        await provider.Sending.Task.WaitAsync(Stop);
        provider.Answer = Task.CompletedTask;
        await using var running = await HalfSentRequest.StartAsync(gateway.Address, Path, token, Body, Stop);

        var stopped = gateway.DrainAsync();
        await Ports.RefusedAsync(gateway.Address, Stop);
        _time.Advance(TimeSpan.FromSeconds(1.9));

        Assert.StartsWith("HTTP/1.1 201", await running.FinishAsync(Stop), StringComparison.Ordinal);
        Assert.False(endless.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.2));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => endless);
        await stopped;
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient http, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = new StringContent(Body, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json")),
            Headers = { { "apikey", token } },
        };
        return await http.SendAsync(request, Stop);
    }
}
