using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Tests.Support;

namespace Evolution.Gateway.Tests.Hosting;

public sealed class MetricsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Switched_off_the_route_is_as_unknown_as_any()
    {
        await using var gateway = await RunningGateway.StartAsync(Stop);

        Assert.Equal("[\"Cannot GET /metrics\"]", (await gateway.GetAsync("/metrics", null, Stop)).Message);
    }

    [Fact]
    public async Task Evolutions_series_come_first_and_the_processs_own_follow()
    {
        await using var gateway = await RunningGateway.StartAsync(Stop, ("PROMETHEUS_METRICS", "true"), ("SERVER_URL", "https://host.example/"));
        await gateway.CreateAsync("sa\"les", Stop);
        gateway.HostOf("sa\"les").Be(ConnectionState.Open);

        var reply = await gateway.GetAsync("/metrics", null, Stop);

        Assert.Equal("text/plain; charset=utf-8; version=0.0.4", reply.Headers["Content-Type"]);
        Assert.StartsWith(
            """
            # HELP evolution_environment_info Environment information
            # TYPE evolution_environment_info gauge
            evolution_environment_info{version="2.3.6",clientName="evolution",serverUrl="https://host.example"} 1
            # HELP evolution_instances_total Total number of instances
            # TYPE evolution_instances_total gauge
            evolution_instances_total 1
            # HELP evolution_instance_up 1 if instance state is open, else 0
            # TYPE evolution_instance_up gauge
            evolution_instance_up{instance="sa\"les",integration="WHATSAPP-BAILEYS"} 1
            # HELP evolution_instance_state Instance state as a labelled metric
            # TYPE evolution_instance_state gauge
            evolution_instance_state{instance="sa\"les",integration="WHATSAPP-BAILEYS",state="open"} 1

            """.Replace("sa\"les", "sa\\\"les", StringComparison.Ordinal),
            reply.Text,
            StringComparison.Ordinal);
        Assert.Matches("(?m)^http_server_request_duration_seconds_count\\{[^}]*http_route=\"/instance/create\"[^}]*\\} [0-9]+$", reply.Text);
        Assert.All(reply.Text.TrimEnd('\n').Split('\n'), line => Assert.Matches("^(# (HELP|TYPE) .+|[a-zA-Z_:][a-zA-Z0-9_:]*(\\{.*\\})? ([-+0-9.eE]+|NaN|[-+]Inf))$", line));
    }

    [Fact]
    public async Task Addresses_and_a_login_may_be_asked_for()
    {
        await using var gateway = await RunningGateway.StartAsync(
            Stop, ("PROMETHEUS_METRICS", "true"), ("METRICS_AUTH_REQUIRED", "true"), ("METRICS_USER", "prom"), ("METRICS_PASSWORD", "secret"), ("METRICS_ALLOWED_IPS", "127.0.0.1"));

        var without = await SendAsync(gateway, null);

        Assert.Equal((HttpStatusCode.Unauthorized, "Authentication required"), (without.Status, without.Text));
        Assert.Equal("Basic realm=\"Evolution API Metrics\"", without.Headers["WWW-Authenticate"]);
        Assert.Equal("Invalid credentials", (await SendAsync(gateway, "prom:wrong")).Text);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(gateway, "prom:secret")).Status);
    }

    [Fact]
    public async Task An_address_that_is_not_listed_is_refused()
    {
        await using var gateway = await RunningGateway.StartAsync(Stop, ("PROMETHEUS_METRICS", "true"), ("METRICS_ALLOWED_IPS", "10.0.0.1"));

        var reply = await SendAsync(gateway, null);

        Assert.Equal((HttpStatusCode.Forbidden, "Forbidden: IP not allowed"), (reply.Status, reply.Text));
    }

    private static async Task<Reply> SendAsync(RunningGateway gateway, string? login)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Address, "/metrics"));
        if (login is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(login)));
        return await gateway.SendAsync(request, Stop);
    }
}
