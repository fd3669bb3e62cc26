using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Evolution.Gateway.Hosting;
using Evolution.Simulator;
using Microsoft.Data.Sqlite;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>The program as whoever runs it sees it: what it prints, its exit code, and how it ends.</summary>
public sealed class StartAndStopTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("evolution-process-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string DataDir => Path.Combine(_folder, "data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Questions_are_answered_without_starting_anything()
    {
        await using var help = GatewayProcess.Start(["--help"], ("DATA_DIR", DataDir));
        await using var version = GatewayProcess.Start(["--version"], ("DATA_DIR", DataDir));

        Assert.Equal(0, await help.ExitAsync(Ct));
        Assert.Equal(0, await version.ExitAsync(Ct));
        Assert.All(["--sandbox", "simulator", "migrate"], word => Assert.Contains(word, help.Output, StringComparison.Ordinal));
        Assert.Matches(@"^\d+\.\d+\.\d+", version.Output);
        Assert.False(Directory.Exists(DataDir));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Migrate_makes_the_database_and_ends()
    {
        await using var migrate = GatewayProcess.Start(["migrate"], ("DATA_DIR", DataDir));

        Assert.Equal(0, await migrate.ExitAsync(Ct));
        Assert.True(File.Exists(Path.Combine(DataDir, "evolution.db")));
        Assert.Contains("is up to date", migrate.Output, StringComparison.Ordinal);
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("SERVER_PORT", "eighty", "SERVER_PORT=eighty is not valid")]
    [InlineData("SERVER_HOST", "nowhere", "SERVER_HOST=nowhere is not valid")]
    [InlineData("SERVER_HOST", "203.0.113.1", "Can't listen on 203.0.113.1")]
    [InlineData("DATABASE_PROVIDER", "postgresql", "DATABASE_PROVIDER=postgresql is not available yet")]
    [InlineData("AUTHENTICATION_API_KEY", "429683C4C977415CAAFCCE10F7D57E11", "AUTHENTICATION_API_KEY is a default that everybody knows")]
    [InlineData("WHATSAPP_MEDIA_CA", "/nowhere/ca.pem", "WHATSAPP_MEDIA_CA")]
    [InlineData("PROXY_HOST", "proxy.example", "PROXY_HOST is set and proxies are not available yet")]
    [InlineData("DATA_DIR", "/proc/evolution", "The data folder /proc/evolution can't be used")]
    public async Task A_wrong_setting_is_told_in_one_line(string name, string value, string line)
    {
        await using var gateway = GatewayProcess.Start([], ("SERVER_PORT", "0"), ("DATA_DIR", DataDir), (name, value));

        await AssertRefusedAsync(gateway, line);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Settings_that_have_no_effect_are_named_in_one_warning_without_their_values()
    {
        await using var gateway = GatewayProcess.Start(
            [], ("SERVER_PORT", "0"), ("DATA_DIR", DataDir), ("RABBITMQ_ENABLED", "true"), ("KAFKA_ENABLED", "false"), ("SENTRY_DSN", "https://sentry.example/1"));
        await gateway.ReadyAsync(Ct);

        var warning = Assert.Single(gateway.Output.Split('\n'), line => line.Contains("have no effect", StringComparison.Ordinal));
        Assert.Contains("RABBITMQ_ENABLED, SENTRY_DSN", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("KAFKA_ENABLED", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("sentry.example", gateway.Output, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_port_in_use_is_told_in_one_line()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var gateway = GatewayProcess.Start([], ("SERVER_PORT", $"{port}"), ("SERVER_HOST", "127.0.0.1"), ("DATA_DIR", DataDir));
        await using var simulator = GatewayProcess.Start(["simulator", "--port", $"{port}"], ("DATA_DIR", Path.Combine(_folder, "other")));

        await AssertRefusedAsync(gateway, $"Port {port} is in use");
        await AssertRefusedAsync(simulator, $"{port}");
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_data_folder_that_another_process_has_is_told_in_one_line()
    {
        using var held = DataFolder.Open(DataDir);
        await using var gateway = GatewayProcess.Start([], ("SERVER_PORT", "0"), ("DATA_DIR", DataDir));

        await AssertRefusedAsync(gateway, $"The data folder {DataDir} is in use by another process");
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_data_folder_that_is_a_file_or_has_a_broken_database_is_told_in_one_line()
    {
        var file = Path.Combine(_folder, "file");
        await File.WriteAllTextAsync(file, "no folder", Ct);
        Directory.CreateDirectory(DataDir);
        await File.WriteAllTextAsync(Path.Combine(DataDir, "evolution.db"), new string('x', 10_000), Ct);
        await using var noFolder = GatewayProcess.Start([], ("SERVER_PORT", "0"), ("DATA_DIR", file));
        await using var noDatabase = GatewayProcess.Start([], ("SERVER_PORT", "0"), ("DATA_DIR", DataDir));

        await AssertRefusedAsync(noFolder, $"The data folder {file} can't be used");
        await AssertRefusedAsync(noDatabase, "can't be used");
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("media")]
    [InlineData("spool")]
    public async Task A_folder_for_files_that_can_not_be_used_is_told_in_one_line(string name)
    {
        Directory.CreateDirectory(DataDir);
        await File.WriteAllTextAsync(Path.Combine(DataDir, name), "in the way", Ct);
        await using var gateway = GatewayProcess.Start([], ("SERVER_PORT", "0"), ("DATA_DIR", DataDir));

        await AssertRefusedAsync(gateway, $"{Path.Combine(DataDir, "spool")} can't be used");
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Another_programs_database_is_told_in_one_line()
    {
        Directory.CreateDirectory(DataDir);
        await using (var database = new SqliteConnection($"Data Source={Path.Combine(DataDir, "evolution.db")};Pooling=False"))
        {
            await database.OpenAsync(Ct);
            await using var command = database.CreateCommand();
            command.CommandText = "CREATE TABLE instances (a)";
            await command.ExecuteNonQueryAsync(Ct);
        }

        await using var gateway = GatewayProcess.Start([], ("SERVER_PORT", "0"), ("DATA_DIR", DataDir));

        await AssertRefusedAsync(gateway, "the database of another program");
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Without_a_key_of_its_own_the_server_is_the_real_one_and_the_API_answers_while_it_is_out_of_reach()
    {
        await using var gateway = GatewayProcess.Start(
            [], ("SERVER_PORT", "0"), ("DATA_DIR", DataDir), ("AUTHENTICATION_API_KEY", RunningGateway.Key), ("WHATSAPP_WEB_URL", "ws://127.0.0.1:1/ws/chat"));
        using var http = new HttpClient { BaseAddress = await gateway.ReadyAsync(Ct) };
        http.DefaultRequestHeaders.Add("apikey", RunningGateway.Key);

        using var created = await http.PostAsJsonAsync("/instance/create", new { instanceName = "sales", integration = "WHATSAPP-BAILEYS", qrcode = true }, Ct);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var listed = JsonNode.Parse(await http.GetStringAsync("/instance/fetchInstances?instanceName=sales", Ct))![0]!;

        Assert.Contains("127.0.0.1:1", (string)listed["connection"]!["reason"]!, StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task On_SIGTERM_nothing_new_is_accepted_and_the_program_ends_by_itself_whatever_still_runs()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDir = Path.Combine(_folder, "simulator") }, Ct);
        // A webhook that takes calls and never answers.
        using var dead = new TcpListener(IPAddress.Loopback, 0);
        dead.Start();
        await using var gateway = Gateway(simulator);
        using var http = new HttpClient { BaseAddress = await gateway.ReadyAsync(Ct) };
        http.DefaultRequestHeaders.Add("apikey", RunningGateway.Key);
        await LinkAsync(http, simulator, $"http://{dead.LocalEndpoint}/hook");

        var endless = http.PostAsJsonAsync("/message/sendText/sales", new { number = "5511999990002", text = "typing on", delay = 60_000 }, Ct);
        await WaitForStanzasAsync(simulator, "chatstate", count: 1, _ => true);
        gateway.Terminate();

        await Support.Ports.RefusedAsync(http.BaseAddress, Ct);
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => endless);
        Assert.Equal(0, await gateway.ExitAsync(Ct));
        Assert.Equal("", gateway.Errors);
    }

    [Fact(Timeout = TestLimit.Ms)]
    [Trait("Part", "budgets")]
    public async Task On_SIGTERM_what_runs_has_two_seconds_and_the_program_is_gone_before_a_process_manager_kills_it()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDir = Path.Combine(_folder, "simulator") }, Ct);
        await using var gateway = Gateway(simulator);
        using var http = new HttpClient { BaseAddress = await gateway.ReadyAsync(Ct) };
        http.DefaultRequestHeaders.Add("apikey", RunningGateway.Key);
        await LinkAsync(http, simulator, null);
        await using var running = await HalfSentRequest.StartAsync(http.BaseAddress, "/message/sendText/sales", RunningGateway.Key, """{"number":"5511999990002","text":"hello"}""", Ct);
        await using var never = await HalfSentRequest.StartAsync(http.BaseAddress, "/instance/create", "any", """{"instanceName":"sales"}""", Ct);

        var started = Stopwatch.GetTimestamp();
        gateway.Terminate();

        Assert.StartsWith("HTTP/1.1 201", await running.FinishAsync(Ct), StringComparison.Ordinal);
        Assert.Equal(0, await gateway.ExitAsync(Ct));
        Assert.InRange(Stopwatch.GetElapsedTime(started).TotalSeconds, 0, 4);
    }

    private GatewayProcess Gateway(SimulatorHost simulator) => GatewayProcess.Start(
        [],
        ("SERVER_PORT", "0"), ("SERVER_HOST", "127.0.0.1"), ("DATA_DIR", DataDir), ("AUTHENTICATION_API_KEY", RunningGateway.Key),
        ("WHATSAPP_WEB_URL", simulator.WebSocketUrl.ToString()), ("WHATSAPP_NOISE_ROOT_KEY", Convert.ToHexStringLower(simulator.RootKey)));

    private static async Task LinkAsync(HttpClient http, SimulatorHost simulator, string? webhook)
    {
        var phone = await simulator.World.CreatePhoneAsync("5511999990001", "Alice");
        await simulator.World.CreatePhoneAsync("5511999990002", "Bob");
        using var created = await http.PostAsJsonAsync(
            "/instance/create",
            new
            {
                instanceName = "sales",
                integration = "WHATSAPP-BAILEYS",
                qrcode = true,
                webhook = webhook is null ? null : new { enabled = true, url = webhook, events = Array.Empty<string>() },
            },
            Ct);
        await phone.ScanAsync((string)JsonNode.Parse(await created.Content.ReadAsStringAsync(Ct))!["qrcode"]!["code"]!, ct: Ct);
        // The first thing that is asked once it is open.
        await WaitForStanzasAsync(simulator, "iq", count: 1, node => (string?)node["attrs"]!["xmlns"] == "abt");
    }

    /// <summary>Waits until the instance's device has sent so many stanzas that fit.</summary>
    private static async Task WaitForStanzasAsync(SimulatorHost simulator, string tag, int count, Func<JsonNode, bool> fits)
    {
        using var control = new HttpClient { BaseAddress = simulator.ControlUrl };
        long after = 0;
        while (count > 0)
        {
            var page = JsonNode.Parse(await control.GetStringAsync($"/v1/clients/5511999990001/stanzas?direction=in&tag={tag}&after={after}&wait=20", Ct))!;
            Assert.NotEmpty(page["stanzas"]!.AsArray());
            count -= page["stanzas"]!.AsArray().Count(stanza => fits(stanza!["node"]!));
            after = (long)page["next"]!;
        }
    }

    private static async Task AssertRefusedAsync(GatewayProcess process, string line)
    {
        Assert.Equal(1, await process.ExitAsync(Ct));
        Assert.DoesNotContain("is ready", process.Output, StringComparison.Ordinal);
        Assert.StartsWith("evolution: ", process.Errors, StringComparison.Ordinal);
        Assert.Contains(line, Assert.Single(process.Errors.TrimEnd().Split('\n')), StringComparison.Ordinal);
    }
}
