using System.Net;
using Evolution.Gateway.Api;
using Evolution.Gateway.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Evolution.Contract.Tests;

/// <summary>What is served and who may call it, generated from the recorded routes and <c>docs/compat/routes.md</c>.</summary>
public sealed class GuardsTests : IAsyncLifetime
{
    private RunningGateway gateway = null!;
    private string token = null!;
    private string foreignToken = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> InstanceRoutes => [.. ServedRoute.All.Where(route => route is { IsServed: true, IsOfInstance: true }).Select(route => route.Name)];

    public static TheoryData<string> MissingRoutes => [.. ServedRoute.All.Where(route => !route.IsServed).Select(route => route.Name)];

    public async ValueTask InitializeAsync()
    {
        gateway = await RunningGateway.StartAsync(Stop);
        token = await gateway.CreateAsync("sales", Stop);
        foreignToken = await gateway.CreateAsync("other", Stop);
        await gateway.PostAsync("/webhook/set/sales", token, """{"webhook":{"enabled":true,"url":"http://127.0.0.1:9/"}}""", Stop);
    }

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public void The_documented_routes_are_served_and_no_other()
    {
        var served = gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Select(endpoint => endpoint.Metadata.GetMetadata<ApiRoute>()).OfType<ApiRoute>()
            .Select(route => $"{route.Method} {route.Path}");

        // The metrics are off here.
        Assert.Equal(
            ServedRoute.All.Where(route => route.IsServed && route.Name != "GET /metrics").Select(route => route.Name).Order(StringComparer.Ordinal),
            served.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_route_of_the_contract_is_documented() => Assert.Equal(
        RouteContract.All.Select(route => route.Name).Order(StringComparer.Ordinal),
        ServedRoute.All.Where(route => route.Status != "ours").Select(route => route.Name).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(MissingRoutes))]
    public async Task A_route_that_is_not_there_says_so_as_Evolution_does(string name)
    {
        var (method, path) = (name.Split(' ')[0], name.Split(' ')[1].Replace("{instanceName}", "sales", StringComparison.Ordinal).Replace("{path*}", "x", StringComparison.Ordinal));
        var reply = await gateway.SendAsync(new HttpMethod(method), path, RunningGateway.GlobalKey, method == "GET" ? null : "{}", Stop);

        Assert.Equal($$$"""{"status":404,"error":"Not Found","response":{"message":["Cannot {{{method}}} {{{path}}}"]}}""", reply.Text);
    }

    [Theory]
    [MemberData(nameof(InstanceRoutes))]
    public async Task Another_instances_token_is_401_and_changes_no_row(string name)
    {
        var before = DatabaseRows.Read(gateway.DatabaseFile);

        foreach (var body in Bodies(name))
            Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(name, "sales", foreignToken, body)).Status);

        Assert.Equal(before, DatabaseRows.Read(gateway.DatabaseFile));
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/instance/connectionState/sales", token, Stop)).Status);
        Assert.Empty(gateway.HostOf("sales").Provider.Sent);
        Assert.Empty(gateway.Hosts.Removed);
    }

    [Theory]
    [MemberData(nameof(InstanceRoutes))]
    public async Task No_key_a_wrong_one_and_an_empty_one_are_401(string name)
    {
        foreach (var key in (string?[])[null, "", "wrong", token + "x", token[..^1]])
            Assert.Equal("""{"status":401,"error":"Unauthorized","response":{"message":"Unauthorized"}}""", (await SendAsync(name, "sales", key, "{}")).Text);
    }

    [Theory]
    [MemberData(nameof(InstanceRoutes))]
    public async Task An_unknown_instance_is_404_whatever_the_key(string name)
    {
        foreach (var key in (string?[])[null, token, RunningGateway.GlobalKey])
        {
            Assert.Equal(
                """{"status":404,"error":"Not Found","response":{"message":["The \"nobody\" instance does not exist"]}}""",
                (await SendAsync(name, "nobody", key, "{}")).Text);
        }
    }

    [Theory]
    [MemberData(nameof(InstanceRoutes))]
    public async Task Its_own_token_and_the_global_key_are_accepted(string name)
    {
        foreach (var key in (string[])[token, RunningGateway.GlobalKey])
        {
            var reply = await SendAsync(name, name == "DELETE /instance/delete/{instanceName}" && key == RunningGateway.GlobalKey ? "other" : "sales", key, "{}");

            Assert.NotEqual(HttpStatusCode.Unauthorized, reply.Status);
            Assert.NotEqual(HttpStatusCode.NotFound, reply.Status);
            Assert.True((int)reply.Status < 500, reply.Text);
        }
    }

    // A body that would do something, where there is one, and an empty one.
    private static IEnumerable<string> Bodies(string name)
    {
        yield return "{}";
        if (RouteContract.All.FirstOrDefault(route => route.Name == name)?.Body is { ValueKind: System.Text.Json.JsonValueKind.Object } schema)
        {
            for (var seed = 0; seed < 20; seed++)
                yield return new BodyMaker(seed).MakeObject(schema).ToJsonString();
        }

        yield return """{"number":"5511999990001","text":"x","numbers":["5511999990001"],"presence":"available","delay":0,"ids":[1],"webhook":{"enabled":false,"url":"x"}}""";
    }

    private Task<Reply> SendAsync(string name, string instance, string? key, string body)
    {
        var route = ServedRoute.All.Single(other => other.Name == name);
        return gateway.SendAsync(
            new HttpMethod(route.Method),
            route.Path.Replace("{instanceName}", instance, StringComparison.Ordinal),
            key,
            route.Method == "GET" ? null : body,
            Stop);
    }
}
