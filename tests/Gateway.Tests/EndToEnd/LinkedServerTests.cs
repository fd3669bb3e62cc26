using System.Net;
using System.Net.Http.Json;
using Evolution.Gateway.Hosting;
using Evolution.Simulator;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>A data folder belongs to the WhatsApp that its instances are linked to.</summary>
public sealed class LinkedServerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("evolution-server-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Linked_instances_are_not_taken_to_another_server_and_keep_their_links()
    {
        await using var linked = await LinkedGateway.StartAsync(Ct);
        await using var elsewhere = await SimulatorHost.StartAsync(new SimulatorOptions { DataDir = _folder }, Ct);
        await linked.Gateway.StopAsync();

        var refused = await Assert.ThrowsAsync<SettingException>(() => RunningGateway.StartAsync(elsewhere, linked.Gateway.Folder, Ct));
        Assert.StartsWith("Instances in this data folder are linked to a simulator (key ", refused.Message, StringComparison.Ordinal);
        Assert.Contains("DATA_DIR", refused.Message, StringComparison.Ordinal);

        await linked.Gateway.StartAsync(Ct);
        var id = await linked.Other.SendTextAsync(LinkedGateway.OwnNumber, "still there?");
        await linked.Receiver.WaitAsync("messages.upsert", data => (string?)data["key"]!["id"] == id, Ct);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_simulators_media_host_that_nobody_vouches_for_is_told_with_the_setting_that_does()
    {
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDir = Path.Combine(_folder, "simulator") }, Ct);
        await using var receiver = await WebhookReceiver.StartAsync(Ct);
        var phone = await simulator.World.CreatePhoneAsync(LinkedGateway.OwnNumber, "Alice");
        await simulator.World.CreatePhoneAsync(LinkedGateway.OtherNumber, "Bob");
        await using var gateway = new RestartableGateway(Path.Combine(_folder, "gateway"), simulator, ("WHATSAPP_MEDIA_CA", ""));
        gateway.Start();
        await gateway.LinkAsync("sales", phone, receiver.Url, [], Ct);
        await receiver.WaitAsync("connection.update", data => (string?)data["state"] == "open", Ct);

        using var answer = await gateway.Http.PostAsJsonAsync(
            "/message/sendMedia/sales", new { number = LinkedGateway.OtherNumber, mediatype = "image", media = Convert.ToBase64String(MediaSample.Jpeg) }, Ct);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("WHATSAPP_MEDIA_CA", await answer.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_folder_without_links_goes_where_it_is_pointed()
    {
        await using var linked = await LinkedGateway.StartAsync(Ct);
        await linked.Gateway.DeleteAsync("/instance/logout/sales", Ct);
        await linked.Gateway.StopAsync();
        await using var elsewhere = await SimulatorHost.StartAsync(new SimulatorOptions { DataDir = _folder }, Ct);

        await using var gateway = await RunningGateway.StartAsync(elsewhere, linked.Gateway.Folder, Ct);

        var phone = await elsewhere.World.CreatePhoneAsync(LinkedGateway.OwnNumber, "Alice");
        var connecting = await gateway.GetAsync("/instance/connect/sales", Ct);
        await phone.ScanAsync((string)connecting["code"]!, ct: Ct);
        await linked.Receiver.WaitAsync("connection.update", data => (string?)data["state"] == "open", Ct);
    }
}
