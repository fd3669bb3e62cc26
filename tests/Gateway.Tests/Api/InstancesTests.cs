using System.Net;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Tests.Support;

namespace Evolution.Gateway.Tests.Api;

public sealed class InstancesTests : IAsyncLifetime
{
    private RunningGateway gateway = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => gateway = await RunningGateway.StartAsync(Stop);

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task Create_answers_the_contracts_object_and_puts_the_webhook_in_force()
    {
        var reply = await CreateAsync("""
            {"instanceName":"sales","token":"t-1","integration":"WHATSAPP-BAILEYS","readMessages":true,"rejectCall":"true",
             "webhook":{"enabled":false,"url":"http://app.example/hook","headers":{"authorization":"x"},"byEvents":false,"base64":true,"events":["MESSAGES_UPSERT"]},
             "rabbitmq":{"enabled":true,"events":[]},"unknown":1}
            """.Replace("\"rejectCall\":\"true\",", "", StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.Created, reply.Status);
        var instance = reply.Json.GetProperty("instance");
        Assert.Equal(
            $$$"""{"instance":{"instanceName":"sales","instanceId":"{{{instance.GetProperty("instanceId").GetString()}}}","integration":"WHATSAPP-BAILEYS","webhookWaBusiness":null,"accessTokenWaBusiness":"","status":"close"},"hash":"t-1","webhook":{"webhookUrl":"http://app.example/hook","webhookHeaders":{"authorization":"x"},"webhookByEvents":false,"webhookBase64":true},"websocket":{},"rabbitmq":{"enabled":true},"nats":{},"sqs":{},"settings":{"rejectCall":false,"msgCall":"","groupsIgnore":false,"alwaysOnline":false,"readMessages":true,"readStatus":false,"syncFullHistory":false,"wavoipToken":""}}""",
            reply.Text);
        var webhook = (await gateway.GetAsync("/webhook/find/sales", "t-1", Stop)).Json;
        Assert.True(webhook.GetProperty("enabled").GetBoolean());
        Assert.True(gateway.InstanceOf("sales").Webhook!.Events.SetEquals(["MESSAGES_UPSERT"]));
    }

    [Fact]
    public async Task Create_without_a_token_makes_one_and_with_qrcode_shows_the_code()
    {
        var reply = await CreateAsync("""{"instanceName":"sales","integration":"WHATSAPP-BAILEYS","qrcode":true,"number":"5511999990001"}""");

        Assert.Matches("^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$", reply.Json.GetProperty("hash").GetString());
        Assert.Equal("connecting", reply.Json.GetProperty("instance").GetProperty("status").GetString());
        var code = reply.Json.GetProperty("qrcode");
        Assert.Equal("ABCD1234", code.GetProperty("pairingCode").GetString());
        Assert.StartsWith("data:image/png;base64,iVBORw0", code.GetProperty("base64").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, code.GetProperty("count").GetInt32());
        Assert.Equal(["5511999990001"], gateway.HostOf("sales").PairingNumbers);
    }

    [Theory]
    [InlineData("{}", """[["instance requires property \"instanceName\""]]""")]
    [InlineData("""{"instanceName":""}""", """[["The \"instanceName\" cannot be empty"]]""")]
    [InlineData("""{"instanceName":"a"}""", """["Invalid integration"]""")]
    [InlineData("""{"instanceName":"a","integration":"whatsapp-baileys"}""", """["Invalid integration"]""")]
    [InlineData("""{"instanceName":"a","qrcode":"yes"}""", """[["qrcode is not of a type(s) boolean"]]""")]
    [InlineData("""{"instanceName":"a","integration":"WHATSAPP-BAILEYS","proxyHost":"h","proxyPort":"1","proxyProtocol":"http"}""", """["Proxies are not available yet"]""")]
    [InlineData("""{"instanceName":"a","integration":"WHATSAPP-BAILEYS","chatwootAccountId":"1","chatwootToken":"t","chatwootUrl":"http://x"}""", """["Chatwoot is not enabled"]""")]
    [InlineData(
        """{"instanceName":"a","integration":"WHATSAPP-BAILEYS","qrcode":true,"number":"1203630000000000011"}""",
        """["number must be the digits of a phone number, with its country code"]""")]
    [InlineData(
        """{"instanceName":"a","integration":"WHATSAPP-BAILEYS","webhook":{"url":"http://app.example/hook","headers":{"my header":"x"}}}""",
        """["\"my header\" can't be the name of a header of webhook requests"]""")]
    [InlineData(
        """{"instanceName":"a","integration":"WHATSAPP-BAILEYS","webhook":{"url":"http://app.example/hook","headers":{"x-shop":"a\nb"}}}""",
        """["the value of the webhook's header \"x-shop\" must be on one line"]""")]
    public async Task Create_refuses_what_it_can_not_do_and_leaves_nothing(string body, string message)
    {
        var reply = await CreateAsync(body);

        Assert.Equal((HttpStatusCode.BadRequest, message), (reply.Status, reply.Message));
        Assert.Equal(0, (await gateway.GetAsync("/instance/fetchInstances", RunningGateway.GlobalKey, Stop)).Json.GetArrayLength());
    }

    [Fact]
    public async Task A_taken_name_is_403_before_the_key_is_looked_at_and_ten_at_once_make_one()
    {
        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => CreateAsync("""{"instanceName":"sales","integration":"WHATSAPP-BAILEYS"}""")));

        Assert.Single(replies, reply => reply.Status == HttpStatusCode.Created);
        Assert.All(
            replies.Where(reply => reply.Status != HttpStatusCode.Created),
            reply => Assert.Equal("""{"status":403,"error":"Forbidden","response":{"message":["This name \"sales\" is already in use."]}}""", reply.Text));
        Assert.Equal(HttpStatusCode.Forbidden, (await gateway.PostAsync("/instance/create", null, """{"instanceName":"sales"}""", Stop)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.PostAsync("/instance/create", null, """{"instanceName":"other"}""", Stop)).Status);
    }

    [Fact]
    public async Task A_token_may_not_create()
    {
        var token = await gateway.CreateAsync("sales", Stop);

        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.PostAsync("/instance/create", token, """{"instanceName":"b","integration":"WHATSAPP-BAILEYS"}""", Stop)).Status);
    }

    [Fact]
    public async Task Connect_shows_the_code_while_closed_and_only_the_state_when_open()
    {
        var token = await gateway.CreateAsync("sales", Stop);

        var closed = await gateway.GetAsync("/instance/connect/sales", token, Stop);
        var polled = await gateway.GetAsync("/instance/connect/sales", token, Stop);
        gateway.HostOf("sales").Be(ConnectionState.Open);
        var open = await gateway.GetAsync("/instance/connect/sales?number=5511999990001", token, Stop);

        Assert.Equal(["pairingCode", "code", "base64", "count"], closed.Json.EnumerateObject().Select(property => property.Name));
        Assert.Equal(closed.Text, polled.Text);
        Assert.Equal("""{"instance":{"instanceName":"sales","state":"open"}}""", open.Text);
        Assert.Equal([null], gateway.HostOf("sales").PairingNumbers);
    }

    [Fact]
    public async Task Another_instances_name_in_the_query_changes_nothing()
    {
        var token = await gateway.CreateAsync("sales", Stop);
        await gateway.CreateAsync("other", Stop);

        var reply = await gateway.GetAsync("/instance/connectionState/sales?instanceName=other", token, Stop);

        Assert.Equal("""{"instance":{"instanceName":"sales","state":"close"}}""", reply.Text);
    }

    [Fact]
    public async Task Restart_restarts_an_open_instance_and_refuses_a_closed_one_with_200()
    {
        var token = await gateway.CreateAsync("sales", Stop);

        var closed = await gateway.PostAsync("/instance/restart/sales", token, "{}", Stop);
        gateway.HostOf("sales").Be(ConnectionState.Open);
        var open = await gateway.PostAsync("/instance/restart/sales", token, "{}", Stop);

        Assert.Equal((HttpStatusCode.OK, true), (closed.Status, closed.Json.GetProperty("error").GetBoolean()));
        Assert.Equal("open", open.Json.GetProperty("instance").GetProperty("state").GetString());
        Assert.Equal(1, gateway.HostOf("sales").Restarts);
    }

    [Fact]
    public async Task Logout_needs_a_connection_and_keeps_the_instance()
    {
        var token = await gateway.CreateAsync("sales", Stop);

        var closed = await gateway.SendAsync(HttpMethod.Delete, "/instance/logout/sales", token, null, Stop);
        gateway.HostOf("sales").Be(ConnectionState.Open);
        var open = await gateway.SendAsync(HttpMethod.Delete, "/instance/logout/sales", token, null, Stop);

        Assert.Equal((HttpStatusCode.BadRequest, """["The \"sales\" instance is not connected"]"""), (closed.Status, closed.Message));
        Assert.Equal("""{"status":"SUCCESS","error":false,"response":{"message":"Instance logged out"}}""", open.Text);
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/instance/connectionState/sales", token, Stop)).Status);
    }

    [Fact]
    public async Task Delete_frees_the_name_and_the_token()
    {
        var token = await gateway.CreateAsync("sales", Stop);

        var deleted = await gateway.SendAsync(HttpMethod.Delete, "/instance/delete/sales", token, null, Stop);

        Assert.Equal("""{"status":"SUCCESS","error":false,"response":{"message":"Instance deleted"}}""", deleted.Text);
        Assert.Equal(["sales"], gateway.Hosts.Removed);
        Assert.Equal(HttpStatusCode.NotFound, (await gateway.SendAsync(HttpMethod.Delete, "/instance/delete/sales", token, null, Stop)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.GetAsync("/instance/fetchInstances", token, Stop)).Status);
        Assert.NotEqual(token, await gateway.CreateAsync("sales", Stop));
    }

    [Fact]
    public async Task An_instance_that_is_being_deleted_is_gone_for_everybody_else()
    {
        var token = await gateway.CreateAsync("sales", Stop);
        var holding = new TaskCompletionSource();
        gateway.Hosts.Holding = holding.Task;

        var deleting = gateway.SendAsync(HttpMethod.Delete, "/instance/delete/sales", token, null, Stop);
        await gateway.Hosts.Removals.WaitAsync(Stop);
        var again = await gateway.SendAsync(HttpMethod.Delete, "/instance/delete/sales", token, null, Stop);
        var connected = await gateway.GetAsync("/instance/connect/sales", token, Stop);
        var all = await gateway.GetAsync("/instance/fetchInstances", RunningGateway.GlobalKey, Stop);
        var taken = await CreateAsync("""{"instanceName":"sales","integration":"WHATSAPP-BAILEYS"}""");
        holding.SetResult();

        Assert.Equal(HttpStatusCode.OK, (await deleting).Status);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (again.Status, connected.Status));
        Assert.Equal("[]", all.Text);
        Assert.Equal(HttpStatusCode.Forbidden, taken.Status);
        Assert.Equal(["sales"], gateway.Hosts.Removed);
        await gateway.CreateAsync("sales", Stop);
    }

    [Fact]
    public async Task Fetch_shows_all_to_the_global_key_and_to_a_token_its_own()
    {
        var token = await gateway.CreateAsync("sales", Stop);
        await gateway.CreateAsync("other", Stop);
        gateway.HostOf("sales").Be(ConnectionState.Open);

        var all = (await gateway.GetAsync("/instance/fetchInstances", RunningGateway.GlobalKey, Stop)).Json;
        var own = (await gateway.GetAsync("/instance/fetchInstances", token, Stop)).Json;
        var named = (await gateway.GetAsync("/instance/fetchInstances?instanceName=other", RunningGateway.GlobalKey, Stop)).Json;

        Assert.Equal(2, all.GetArrayLength());
        Assert.Equal(["sales"], own.EnumerateArray().Select(item => item.GetProperty("name").GetString()));
        Assert.Equal("open", own[0].GetProperty("connectionStatus").GetString());
        Assert.Equal(["other"], named.EnumerateArray().Select(item => item.GetProperty("name").GetString()));
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.GetAsync("/instance/fetchInstances?instanceName=other", token, Stop)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.GetAsync("/instance/fetchInstances", "wrong", Stop)).Status);
        Assert.Equal(
            """["Instance \"nobody\" not found"]""",
            (await gateway.GetAsync("/instance/fetchInstances?instanceName=nobody", RunningGateway.GlobalKey, Stop)).Message);
    }

    [Theory]
    [InlineData("available", "available")]
    [InlineData("unavailable", "unavailable")]
    [InlineData("composing", null)]
    public async Task SetPresence_shows_the_account_as_there_or_not(string word, string? shown)
    {
        var token = await gateway.CreateAsync("sales", Stop);

        var reply = await gateway.PostAsync("/instance/setPresence/sales", token, $$"""{"presence":"{{word}}"}""", Stop);

        Assert.Equal((HttpStatusCode.Created, $$"""{"presence":"{{word}}"}"""), (reply.Status, reply.Text));
        Assert.Equal(shown is null ? [] : [shown], gateway.HostOf("sales").Provider.Presences);
    }

    private Task<Reply> CreateAsync(string body) => gateway.PostAsync("/instance/create", RunningGateway.GlobalKey, body, Stop);
}
