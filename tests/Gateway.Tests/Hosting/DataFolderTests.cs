using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.Hosting;
using Evolution.Gateway.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Evolution.Gateway.Tests.Hosting;

public sealed class DataFolderTests
{
    private const UnixFileMode OthersMay = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Everything_in_it_is_closed_to_other_users()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes");
        await using var gateway = await RunningGateway.StartAsync(Stop, ("AUTHENTICATION_API_KEY", ""));

        Assert.All(
            Directory.GetFileSystemEntries(gateway.Path, "*", SearchOption.AllDirectories).Append(gateway.Path),
            entry => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(entry) & OthersMay));
        Assert.True(File.Exists(Path.Combine(gateway.Path, "api-key")));
    }

    [Fact]
    public void The_key_that_was_made_stays_the_same()
    {
        var path = Directory.CreateTempSubdirectory("evolution-gateway-").FullName;
        using (var first = DataFolder.Open(path))
        {
            var key = first.ReadOrMakeApiKey();

            Assert.Matches("^[0-9A-F]{64}$", key);
            Assert.Equal(key, first.ReadOrMakeApiKey());
        }

        Directory.Delete(path, recursive: true);
    }

    [Fact]
    public void A_second_process_on_the_same_folder_is_told_so()
    {
        var path = Directory.CreateTempSubdirectory("evolution-gateway-").FullName;
        using (DataFolder.Open(path))
        {
            var refused = Assert.Throws<SettingException>(() => DataFolder.Open(path));

            Assert.Contains(path, refused.Message, StringComparison.Ordinal);
        }

        Directory.Delete(path, recursive: true);
    }

    [Fact]
    public async Task A_port_in_use_is_told_in_one_line()
    {
        await using var first = await RunningGateway.StartAsync(Stop);

        var refused = await Assert.ThrowsAsync<SettingException>(() => RunningGateway.StartAsync(Stop, ("SERVER_PORT", $"{first.Address.Port}")));

        Assert.Equal($"Port {first.Address.Port} is in use by another program: stop it, or set SERVER_PORT to a free one", refused.Message);
    }

    [Theory]
    [InlineData("SANDBOX_PORT")]
    [InlineData("--port")]
    public async Task A_simulators_port_in_use_names_what_chooses_another(string setting)
    {
        var path = Directory.CreateTempSubdirectory("evolution-gateway-").FullName;
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;

        var refused = await Assert.ThrowsAsync<SettingException>(
            () => Sandbox.StartAsync(new SandboxOptions(port, setting), path, NullLoggerFactory.Instance, Stop));

        Assert.StartsWith($"The simulator can't start on port {port}: ", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith($"address already in use. {setting} chooses another port", refused.Message, StringComparison.Ordinal);
        Directory.Delete(path, recursive: true);
    }

    [Fact]
    public async Task A_data_folder_that_another_simulator_has_names_the_folder_and_no_port()
    {
        var path = Directory.CreateTempSubdirectory("evolution-gateway-").FullName;
        await using (await Sandbox.StartAsync(new SandboxOptions(0, "--port"), path, NullLoggerFactory.Instance, Stop))
        {
            var refused = await Assert.ThrowsAsync<SettingException>(
                () => Sandbox.StartAsync(new SandboxOptions(0, "--port"), path, NullLoggerFactory.Instance, Stop));

            Assert.Equal(
                $"The simulator can't start with its data in {path}: Another simulator uses this data folder. DATA_DIR chooses another data folder", refused.Message);
        }

        Directory.Delete(path, recursive: true);
    }

    [Fact]
    public async Task Instances_settings_and_webhooks_are_there_again_after_a_restart()
    {
        var path = Directory.CreateTempSubdirectory("evolution-gateway-").FullName;
        var first = await RunningGateway.StartAsync(path, Stop);
        var token = await first.CreateAsync("sales", Stop);
        await first.PostAsync("/webhook/set/sales", token, """{"webhook":{"enabled":true,"url":"http://127.0.0.1:9/hook","events":["CALL"]}}""", Stop);
        var before = await first.GetAsync("/webhook/find/sales", token, Stop);
        await first.StopAsync();

        await using var second = await RunningGateway.StartAsync(path, Stop);

        Assert.Equal(before.Text, (await second.GetAsync("/webhook/find/sales", token, Stop)).Text);
        Assert.Equal(token, (await second.GetAsync("/instance/fetchInstances", token, Stop)).Json[0].GetProperty("token").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_file_that_the_disk_does_not_take_is_not_the_clients_fault_and_is_told_without_paths(bool isUpload)
    {
        await using var gateway = await RunningGateway.StartAsync(Stop);
        var token = await gateway.CreateAsync("sales", Stop);
        var spool = Path.Combine(gateway.Path, "spool");
        Directory.Delete(spool);
        await File.WriteAllTextAsync(spool, "in the way", Stop);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway.Address, "/message/sendMedia/sales"));
        request.Headers.Add("apikey", token);
        request.Content = isUpload
            ? new MultipartFormDataContent
            {
                { new StringContent("5511999990002"), "number" },
                { new StringContent("document"), "mediatype" },
                { new ByteArrayContent([1, 2, 3]), "file", "a.bin" },
            }
            : JsonContent.Create(new { number = "5511999990002", mediatype = "document", media = "AQID", fileName = "a.bin" });

        var reply = await gateway.SendAsync(request, Stop);

        Assert.Equal(
            (HttpStatusCode.InternalServerError, "\"The file can't be kept: the disk of the data folder is full or can't be written\""), (reply.Status, reply.Message));
    }

    [Fact]
    public async Task An_installation_with_a_new_name_lists_the_instances_that_it_had_before()
    {
        var path = Directory.CreateTempSubdirectory("evolution-gateway-").FullName;
        var first = await RunningGateway.StartAsync(path, Stop);
        await first.CreateAsync("sales", Stop);
        await first.StopAsync();

        await using var second = await RunningGateway.StartAsync(path, Stop, ("DATABASE_CONNECTION_CLIENT_NAME", "renamed"));

        Assert.Equal(1, (await second.GetAsync("/instance/fetchInstances", RunningGateway.GlobalKey, Stop)).Json.GetArrayLength());
    }

    [Fact]
    public void Keys_that_everybody_knows_are_refused() => Assert.All(
        ApiKey.KnownDefaults,
        key => Assert.Throws<SettingException>(() => EvolutionSettings.Read(new EnvironmentReader(name => name == "AUTHENTICATION_API_KEY" ? key : null), sandbox: false)));
}
