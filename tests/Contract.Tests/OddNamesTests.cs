using System.Net;
using System.Text.Json;
using Evolution.Gateway.Tests.Support;

namespace Evolution.Contract.Tests;

/// <summary>Instance names that mean something to a path, a file system or a shell, on every route that takes one.</summary>
public sealed class OddNamesTests : IAsyncLifetime
{
    private static readonly string[] Names =
    [
        "with space", "a/b", "a%2Fb", "..", ".", "../../etc/passwd", "ação 😀", "a?b#c", "-rf", "con", "'; DROP TABLE instances; --", "%", "+", new string('é', 255),
    ];

    private RunningGateway gateway = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> InstanceRoutes => [.. ServedRoute.All.Where(route => route is { IsServed: true, IsOfInstance: true }).Select(route => route.Name)];

    public async ValueTask InitializeAsync() => gateway = await RunningGateway.StartAsync(Stop);

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [MemberData(nameof(InstanceRoutes))]
    public async Task An_odd_name_is_a_name_like_any_other_and_leaves_no_file(string route)
    {
        var files = Files();
        foreach (var name in Names)
        {
            var unknown = await SendAsync(route, Uri.EscapeDataString(name), RunningGateway.GlobalKey);
            Assert.Equal($"The \"{name}\" instance does not exist", unknown.Json.GetProperty("response").GetProperty("message")[0].GetString());
            Assert.Equal(HttpStatusCode.NotFound, unknown.Status);

            var token = await gateway.CreateAsync(name, Stop);
            var known = await SendAsync(route, Uri.EscapeDataString(name), token);
            Assert.True((int)known.Status is >= 200 and < 500 and not (401 or 404), known.Text);
        }

        Assert.Equal(files, Files());
    }

    [Theory]
    [MemberData(nameof(InstanceRoutes))]
    public async Task A_name_that_can_be_none_is_refused_clearly(string route)
    {
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(route, "", RunningGateway.GlobalKey)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(route, new string('a', 300), RunningGateway.GlobalKey)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(route, "%C3%28", RunningGateway.GlobalKey)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(route, "a%00b", RunningGateway.GlobalKey)).Status);
        Assert.Equal(HttpStatusCode.RequestUriTooLong, (await SendAsync(route, new string('a', 20_000), RunningGateway.GlobalKey)).Status);
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/livez", null, Stop)).Status);
    }

    [Theory]
    [InlineData("", "The \"instanceName\" cannot be empty")]
    [InlineData("a\0b", "instanceName must not contain a null character")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "instanceName does not meet maximum length of 255")]
    public async Task No_instance_is_made_with_a_name_that_can_be_none(string name, string failure)
    {
        var rows = DatabaseRows.Read(gateway.DatabaseFile);

        var reply = await gateway.PostAsync("/instance/create", RunningGateway.GlobalKey, JsonSerializer.Serialize(new { instanceName = name, integration = "WHATSAPP-BAILEYS" }), Stop);

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Contains(failure, reply.Json.GetProperty("response").GetProperty("message")[0][0].GetString(), StringComparison.Ordinal);
        Assert.Equal(rows, DatabaseRows.Read(gateway.DatabaseFile));
    }

    [Fact]
    public async Task A_token_neither_sees_nor_makes_another_instance()
    {
        var token = await gateway.CreateAsync("mine", Stop);
        await gateway.CreateAsync("yours", Stop);
        var rows = DatabaseRows.Read(gateway.DatabaseFile);

        var seen = await gateway.GetAsync("/instance/fetchInstances", token, Stop);
        var asked = await gateway.GetAsync("/instance/fetchInstances?instanceName=yours", token, Stop);
        var made = await gateway.PostAsync("/instance/create", token, """{"instanceName":"ours","integration":"WHATSAPP-BAILEYS"}""", Stop);

        Assert.Equal("mine", Assert.Single(seen.Json.EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (asked.Status, made.Status));
        Assert.Equal(rows, DatabaseRows.Read(gateway.DatabaseFile));
    }

    private Task<Reply> SendAsync(string name, string encodedInstance, string key)
    {
        var route = ServedRoute.All.Single(other => other.Name == name);
        return gateway.SendAsync(
            new HttpMethod(route.Method), route.Path.Replace("{instanceName}", encodedInstance, StringComparison.Ordinal), key, route.Method == "GET" ? null : "{}", Stop);
    }

    // The folder above is where a name with dots would lead.
    private IEnumerable<string> Files() =>
        Directory.EnumerateFileSystemEntries(gateway.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
}
