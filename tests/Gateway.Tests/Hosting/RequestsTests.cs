using System.Net;
using System.Text;
using Evolution.Gateway.Hosting;
using Evolution.Gateway.Tests.Support;

namespace Evolution.Gateway.Tests.Hosting;

/// <summary>What happens to a request before an operation sees it.</summary>
public sealed class RequestsTests : IAsyncLifetime
{
    private RunningGateway gateway = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => gateway = await RunningGateway.StartAsync(Stop);

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task The_root_says_which_contract_is_kept_without_a_key()
    {
        var reply = await gateway.GetAsync("/", null, Stop);

        Assert.Equal(HttpStatusCode.OK, reply.Status);
        Assert.Equal("2.3.6", reply.Json.GetProperty("version").GetString());
        Assert.Equal("evolution", reply.Json.GetProperty("clientName").GetString());
    }

    [Fact]
    public async Task An_unknown_instance_is_404_even_without_a_key_and_a_known_one_401()
    {
        await gateway.CreateAsync("sales", Stop);

        var unknown = await gateway.GetAsync("/instance/connectionState/nobody", null, Stop);
        var known = await gateway.GetAsync("/instance/connectionState/sales", null, Stop);

        Assert.Equal("""{"status":404,"error":"Not Found","response":{"message":["The \"nobody\" instance does not exist"]}}""", unknown.Text);
        Assert.Equal("""{"status":401,"error":"Unauthorized","response":{"message":"Unauthorized"}}""", known.Text);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Unauthorized), (unknown.Status, known.Status));
    }

    [Fact]
    public async Task The_key_is_read_from_the_header_only()
    {
        await gateway.CreateAsync("sales", Stop);

        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.GetAsync($"/instance/connectionState/sales?apikey={RunningGateway.GlobalKey}", null, Stop)).Status);
        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync("/instance/connectionState/sales", RunningGateway.GlobalKey, Stop)).Status);
    }

    [Theory]
    [InlineData("PUT", "/instance/restart/sales")]
    [InlineData("GET", "/nothing/here?a=b")]
    [InlineData("POST", "/")]
    [InlineData("DELETE", "/message/sendText/sales")]
    public async Task An_unknown_path_or_method_is_a_404_that_names_it(string method, string path)
    {
        await gateway.CreateAsync("sales", Stop);

        var reply = await gateway.SendAsync(new HttpMethod(method), path, RunningGateway.GlobalKey, null, Stop);

        Assert.Equal(HttpStatusCode.NotFound, reply.Status);
        Assert.Equal($"[\"Cannot {method} {path}\"]", reply.Message);
    }

    [Theory]
    [InlineData("/INSTANCE/ConnectionState/sales")]
    [InlineData("/instance/connectionState/sales/")]
    [InlineData("//instance/connectionState/sales")]
    [InlineData("/instance//connectionState///sales")]
    public async Task Case_trailing_and_doubled_slashes_do_not_matter(string path)
    {
        var token = await gateway.CreateAsync("sales", Stop);

        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync(path, token, Stop)).Status);
    }

    [Fact]
    public async Task A_head_request_is_answered_like_the_get_without_its_body()
    {
        var token = await gateway.CreateAsync("sales", Stop);

        var reply = await gateway.SendAsync(HttpMethod.Head, "/instance/connectionState/sales", token, null, Stop);

        Assert.Equal((HttpStatusCode.OK, ""), (reply.Status, reply.Text));
    }

    [Theory]
    [InlineData("with space", "with%20space")]
    [InlineData("a/b", "a%2Fb")]
    [InlineData("a%2Fb", "a%252Fb")]
    [InlineData("..", "..")]
    [InlineData("..", "%2e%2e")]
    [InlineData("../../etc/passwd", "..%2F..%2Fetc%2Fpasswd")]
    [InlineData("ação 😀", "a%C3%A7%C3%A3o%20%F0%9F%98%80")]
    [InlineData("a?b#c", "a%3Fb%23c")]
    public async Task Odd_names_are_names_like_any_other(string name, string encoded)
    {
        var token = await gateway.CreateAsync(name, Stop);

        var state = await gateway.GetAsync($"/instance/connectionState/{encoded}", token, Stop);
        var deleted = await gateway.SendAsync(HttpMethod.Delete, $"/instance/delete/{encoded}", token, null, Stop);
        var after = await gateway.GetAsync($"/instance/connectionState/{encoded}", token, Stop);

        Assert.Equal(name, state.Json.GetProperty("instance").GetProperty("instanceName").GetString());
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotFound), (deleted.Status, after.Status));
    }

    [Fact]
    public async Task A_name_of_255_characters_is_taken_and_a_longer_one_refused_clearly()
    {
        await gateway.CreateAsync(new string('é', 255), Stop);

        var reply = await gateway.PostAsync(
            "/instance/create", RunningGateway.GlobalKey, $$"""{"instanceName":"{{new string('a', 300)}}","integration":"WHATSAPP-BAILEYS"}""", Stop);

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal("""[["instanceName does not meet maximum length of 255"]]""", reply.Message);
    }

    [Fact]
    public async Task Broken_percent_encoding_is_a_400_that_names_the_segment()
    {
        var reply = await gateway.GetAsync("/instance/connectionState/%E0%A4%A", null, Stop);

        Assert.Equal("""{"status":400,"error":"Internal Server Error","response":{"message":"Failed to decode param '%E0%A4%A'"}}""", reply.Text);
    }

    [Theory]
    [InlineData("{x")]
    [InlineData("5")]
    [InlineData("\"text\"")]
    [InlineData("{\"a\":1}{}")]
    public async Task A_body_that_is_no_object_is_refused_before_the_key_is_looked_at(string body)
    {
        await gateway.CreateAsync("sales", Stop);

        var reply = await gateway.PostAsync("/message/sendText/sales", null, body, Stop);

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal("Internal Server Error", reply.Json.GetProperty("error").GetString());
    }

    [Theory]
    [InlineData("""{"number":"1","text":"\ud83d"}""", true)]
    [InlineData("""{"number":"1","text":"\ude00\ud83d"}""", true)]
    [InlineData("""{"number":"1","x":{"\ud83d\u0041":1}}""", true)]
    [InlineData("""{"number":"1","x":"\ud83d\ude00 \\ud83d \u00e9"}""", false)]
    public async Task Half_of_a_surrogate_pair_is_refused_and_a_whole_one_is_not(string body, bool isRefused)
    {
        var token = await gateway.CreateAsync("sales", Stop);

        var reply = await gateway.PostAsync("/message/sendText/sales", token, body, Stop);

        Assert.Equal(HttpStatusCode.BadRequest, reply.Status);
        Assert.Equal(isRefused ? "\"a text in the body has half of a surrogate pair\"" : "[[\"instance requires property \\\"text\\\"\"]]", reply.Message);
    }

    [Fact]
    public async Task A_text_that_is_not_utf_8_is_refused()
    {
        var token = await gateway.CreateAsync("sales", Stop);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Address, "/message/sendText/sales"));
        request.Headers.Add("apikey", token);
        request.Content = new ByteArrayContent([.. "{\"number\":\"1\",\"text\":\""u8, 0xff, .. "\"}"u8]);
        request.Content.Headers.ContentType = new("application/json");

        var reply = await gateway.SendAsync(request, Stop);

        Assert.Equal((HttpStatusCode.BadRequest, "\"the body must be UTF-8\""), (reply.Status, reply.Message));
    }

    [Fact]
    public async Task Nesting_deeper_than_64_is_refused_and_64_is_not()
    {
        var token = await gateway.CreateAsync("sales", Stop);

        Assert.Equal("[[\"instance requires property \\\"text\\\"\"]]", (await SendNestedAsync(63)).Message);
        Assert.Equal("Internal Server Error", (await SendNestedAsync(64)).Json.GetProperty("error").GetString());

        Task<Reply> SendNestedAsync(int depth) => gateway.PostAsync(
            "/message/sendText/sales", token, $$"""{"number":"1","x":{{new string('[', depth)}}{{new string(']', depth)}}}""", Stop);
    }

    [Fact]
    public async Task More_than_136_MiB_are_refused_as_too_large()
    {
        var token = await gateway.CreateAsync("sales", Stop);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Address, "/message/sendText/sales"));
        request.Headers.Add("apikey", token);
        request.Headers.ExpectContinue = true;
        request.Content = new StreamContent(new ZeroStream((136L * 1024 * 1024) + 1));
        request.Content.Headers.ContentType = new("application/json");

        var reply = await gateway.SendAsync(request, Stop);

        Assert.Equal("""{"status":413,"error":"Internal Server Error","response":{"message":"request entity too large"}}""", reply.Text);
    }

    [Fact]
    public async Task Of_a_client_without_a_key_little_is_read_and_its_answer_is_401()
    {
        await gateway.CreateAsync("sales", Stop);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Address, "/message/sendText/sales"));
        request.Headers.ExpectContinue = true;
        request.Content = new StreamContent(new ZeroStream(2L * 1024 * 1024));
        request.Content.Headers.ContentType = new("application/json");

        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.SendAsync(request, Stop)).Status);
    }

    [Theory]
    [InlineData("text/plain", "number=1")]
    [InlineData("application/json", "")]
    [InlineData("application/json", "[]")]
    public async Task What_is_no_object_but_readable_lacks_what_is_required(string contentType, string body)
    {
        var token = await gateway.CreateAsync("sales", Stop);

        var reply = await gateway.SendAsync(HttpMethod.Post, "/message/sendText/sales", token, body, Stop, contentType);

        Assert.Equal("""[["instance requires property \"number\"","instance requires property \"text\""]]""", reply.Message);
    }

    [Fact]
    public async Task A_form_works_like_the_same_JSON()
    {
        var token = await gateway.CreateAsync("sales", Stop);

        var reply = await gateway.SendAsync(
            HttpMethod.Post, "/message/sendText/sales", token, "number=5511999990001&text=Hi+there&quoted[key][id]=", Stop, "application/x-www-form-urlencoded");

        Assert.Equal("""[["The \"id\" cannot be empty"]]""", reply.Message);
    }

    [Fact]
    public async Task A_get_with_the_header_of_a_body_and_none_is_fine()
    {
        var token = await gateway.CreateAsync("sales", Stop);

        Assert.Equal(HttpStatusCode.OK, (await gateway.SendAsync(HttpMethod.Get, "/instance/connectionState/sales", token, "", Stop)).Status);
    }

    [Fact]
    public async Task A_correlation_id_is_told_and_a_given_trace_is_kept()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Address, "/livez"));
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        Assert.Equal("0af7651916cd43dd8448eb211c80319c", (await gateway.SendAsync(request, Stop)).Headers["X-Correlation-Id"]);
        Assert.Matches("^[0-9a-f]{32}$", (await gateway.GetAsync("/livez", null, Stop)).Headers["X-Correlation-Id"]);
    }

    [Theory]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    [InlineData("/health")]
    public async Task Health_needs_no_key_and_a_closed_instance_is_no_reason_to_be_unhealthy(string path)
    {
        await gateway.CreateAsync("sales", Stop);

        Assert.Equal(HttpStatusCode.OK, (await gateway.GetAsync(path, null, Stop)).Status);
        Assert.Equal(1, (await gateway.GetAsync("/readyz", null, Stop)).Json.GetProperty("whatsapp").GetProperty("close").GetInt32());
    }

    [Fact]
    public async Task A_bare_webhook_may_be_as_deep_as_any_body()
    {
        var token = await gateway.CreateAsync("sales", Stop);

        var reply = await gateway.PostAsync(
            "/webhook/set/sales", token, $$"""{"enabled":true,"url":"http://localhost:1","x":{{new string('[', 63)}}{{new string(']', 63)}}}""", Stop);

        Assert.Equal(HttpStatusCode.Created, reply.Status);
    }

    [Fact]
    public async Task A_gateway_whose_folder_was_taken_away_is_not_ready()
    {
        var away = gateway.Path + "-away";
        Directory.Move(gateway.Path, away);
        var gone = await gateway.GetAsync("/readyz", null, Stop);
        DataFolder.Open(gateway.Path).Dispose();
        await File.WriteAllTextAsync(gateway.DatabaseFile, "", Stop);
        var replaced = await gateway.GetAsync("/readyz", null, Stop);
        Directory.Delete(gateway.Path, recursive: true);
        Directory.Move(away, gateway.Path);
        var back = await gateway.GetAsync("/readyz", null, Stop);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (gone.Status, replaced.Status, back.Status));
        Assert.Equal("unavailable", replaced.Json.GetProperty("database").GetString());
    }

    private sealed class ZeroStream(long length) : Stream
    {
        private static readonly byte[] Start = Encoding.UTF8.GetBytes("{\"a\":\"");
        private long position;

        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get => position; set => position = value; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, length - position);
            for (var i = 0; i < read; i++)
                buffer[offset + i] = position + i < Start.Length ? Start[position + i] : (byte)'0';
            position += read;
            return read;
        }

        public override long Seek(long offset, SeekOrigin origin) => position = offset;

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
