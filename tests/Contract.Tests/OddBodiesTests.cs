using System.Net;
using System.Text.Json;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Evolution.Contract.Tests;

/// <summary>Bodies that no client should send, on every route that takes one, with the key that may.</summary>
public sealed class OddBodiesTests : IAsyncLifetime
{
    private const int BodiesPerRoute = 60;
    private RunningGateway gateway = null!;
    private string token = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> RoutesWithBody =>
        [.. ServedRoute.All.Where(route => route is { IsServed: true, IsOfInstance: true } && route.Method != "GET").Select(route => route.Name)];

    public async ValueTask InitializeAsync()
    {
        gateway = await RunningGateway.StartAsync(Stop);
        token = await gateway.CreateAsync("sales", Stop);
    }

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [MemberData(nameof(RoutesWithBody))]
    public async Task What_can_not_be_read_is_refused_and_changes_no_row(string name)
    {
        var rows = DatabaseRows.Read(gateway.DatabaseFile);
        string[] bodies =
        [
            "{", "5", "\"text\"", "{\"a\":1}{}", """{"x":"\ud83d"}""", """{"x":{"\ude00":1}}""", """{"number":"5511999990001","text":"\ud83d"}""",
            Nested("{\"x\":", "1", "}", 65), "{\"x\":" + Nested("[", "", "]", 64) + "}", "\0",
        ];

        foreach (var body in bodies)
        {
            var reply = await SendAsync(name, body, "application/json");

            Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
            AssertClear(reply, body);
        }

        Assert.Equal(rows, DatabaseRows.Read(gateway.DatabaseFile));
    }

    [Theory]
    [MemberData(nameof(RoutesWithBody))]
    public async Task Nothing_at_all_and_another_type_of_content_are_answered_clearly(string name)
    {
        (string Type, string Body)[] requests =
        [
            ("application/json", ""), ("application/json", "[]"), ("text/plain", "number=1"), ("application/xml", "<number>1</number>"),
            ("application/x-www-form-urlencoded", "number[=1&&=&%ZZ"), ("multipart/form-data", "no boundary"), ("multipart/form-data; boundary=x", "--x"),
        ];

        foreach (var (type, body) in requests)
        {
            if (IsAlive(name))
                AssertClear(await SendAsync(name, body, type), $"{type} {body}");
        }
    }

    [Theory]
    [MemberData(nameof(RoutesWithBody))]
    public async Task Fields_of_the_wrong_type_are_answered_clearly(string name)
    {
        if (RouteContract.All.FirstOrDefault(route => route.Name == name)?.Body is not { ValueKind: JsonValueKind.Object } schema)
            return;
        for (var seed = 0; seed < BodiesPerRoute && IsAlive(name); seed++)
        {
            var body = new BodyMaker(seed).MakeObject(schema).ToJsonString();

            AssertClear(await SendAsync(name, body, "application/json"), body);
        }
    }

    // After a deletion there is nothing left to ask.
    private bool IsAlive(string name) => name != "DELETE /instance/delete/{instanceName}" || gateway.Services.GetRequiredService<InstanceDirectory>().Find("sales") is not null;

    private static void AssertClear(Reply reply, string sent)
    {
        // Evolution's own answer to a page below one.
        var isOfPage = reply.Text == """{"status":500,"error":"Internal Server Error","response":{"message":"page and offset must be positive integers"}}""";
        Assert.True(isOfPage || (int)reply.Status is >= 200 and < 500 and not (401 or 404), $"{(int)reply.Status} {reply.Text} to {sent}");
        Assert.True(reply.Json.ValueKind is JsonValueKind.Object or JsonValueKind.Array, reply.Text);
        Assert.DoesNotContain("   at ", reply.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", reply.Text, StringComparison.Ordinal);
        // Of whatsappNumbers every failure is an empty object.
        if ((int)reply.Status >= 400 && reply.Text != "{}")
            Assert.Equal((int)reply.Status, reply.Json.GetProperty("status").GetInt32());
    }

    private static string Nested(string open, string inner, string close, int depth) =>
        string.Concat(Enumerable.Repeat(open, depth)) + inner + string.Concat(Enumerable.Repeat(close, depth));

    private Task<Reply> SendAsync(string name, string body, string contentType)
    {
        var route = ServedRoute.All.Single(other => other.Name == name);
        return gateway.SendAsync(new HttpMethod(route.Method), route.Path.Replace("{instanceName}", "sales", StringComparison.Ordinal), token, body, Stop, contentType);
    }
}
