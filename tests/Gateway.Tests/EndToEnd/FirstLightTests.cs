using System.Net.Http.Json;
using Evolution.Simulator;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>The whole way: REST, our client, the simulator's phones, and back to a webhook.</summary>
public sealed class FirstLightTests : IAsyncLifetime
{
    private const string OwnNumber = "5511999990001";
    private const string OtherNumber = "5511999990002";
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"evolution-{Guid.NewGuid():N}");
    private SimulatorHost _simulator = null!;
    private RunningGateway _gateway = null!;
    private WebhookReceiver _receiver = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDir = Path.Combine(_folder, "simulator") }, Ct);
        _receiver = await WebhookReceiver.StartAsync(Ct);
        _gateway = await RunningGateway.StartAsync(_simulator, Path.Combine(_folder, "gateway"), Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _receiver.DisposeAsync();
        await _simulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_new_instance_shows_a_code_is_linked_by_it_and_tells_its_webhook()
    {
        await LinkAsync();

        await _receiver.WaitAsync("instance.create", data => (string?)data["instanceName"] == "sales", Ct);
        var qr = await _receiver.WaitAsync("qrcode.updated", null, Ct);
        Assert.StartsWith("data:image/png;base64,", (string?)qr["data"]!["qrcode"]!["base64"]);
        var open = await _receiver.WaitAsync("connection.update", data => (string?)data["state"] == "open", Ct);
        Assert.Equal($"{OwnNumber}@s.whatsapp.net", (string?)open["data"]!["wuid"]);
        Assert.Equal("open", (string?)(await _gateway.GetAsync("/instance/connectionState/sales", Ct))["instance"]!["state"]);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_text_sent_as_soon_as_the_scan_is_answered_waits_for_the_login_to_end()
    {
        await _simulator.World.CreatePhoneAsync(OwnNumber, "Alice");
        var bob = await _simulator.World.CreatePhoneAsync(OtherNumber, "Bob");
        using var control = new HttpClient { BaseAddress = _simulator.ControlUrl };
        // The login's last question is heard late: the second of its two about keys.
        var slow = new { when = new { tag = "iq", xmlns = "encrypt", type = "get", direction = "fromClient", after = 1 }, @do = new { delayMs = 1000 } };
        (await control.PostAsJsonAsync("/v1/faults", slow, Ct)).EnsureSuccessStatusCode();
        var created = await _gateway.PostAsync("/instance/create", new { instanceName = "sales", integration = "WHATSAPP-BAILEYS", qrcode = true }, Ct);

        var qr = (string?)created["qrcode"]!["code"];
        (await control.PostAsJsonAsync($"/v1/phones/{OwnNumber}/scan", new { qr }, Ct)).EnsureSuccessStatusCode();
        var sent = await _gateway.PostAsync("/message/sendText/sales", new { number = OtherNumber, text = "at once" }, Ct);

        await bob.WaitForMessageAsync(message => message.Id == (string?)sent["key"]!["id"], ct: Ct);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_text_reaches_the_phone_and_its_status_rises_to_read()
    {
        await LinkAsync();
        var bob = await _simulator.World.CreatePhoneAsync(OtherNumber, "Bob");

        var sent = await _gateway.PostAsync("/message/sendText/sales", new { number = OtherNumber, text = "Hello Bob" }, Ct);
        var id = (string)sent["key"]!["id"]!;
        Assert.Equal("PENDING", (string?)sent["status"]);
        Assert.Equal("conversation", (string?)sent["messageType"]);
        Assert.Equal("Hello Bob", (string?)sent["message"]!["conversation"]);

        var seen = await bob.WaitForMessageAsync(message => message.Id == id, ct: Ct);
        Assert.Equal("Hello Bob", seen.Text);
        await bob.ReadAsync(OwnNumber, [id]);

        await _receiver.WaitAsync("send.message", data => (string?)data["key"]!["id"] == id, Ct);
        foreach (var status in new[] { "SERVER_ACK", "DELIVERY_ACK", "READ" })
            await _receiver.WaitAsync("messages.update", data => (string?)data["keyId"] == id && (string?)data["status"] == status, Ct);
        Assert.DoesNotContain(_receiver.Events, e => (string?)e["event"] == "messages.upsert");
        Assert.Empty(_simulator.World.Violations.Snapshot());
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_text_from_a_phone_reaches_the_webhook_and_the_find_routes()
    {
        await LinkAsync();
        var bob = await _simulator.World.CreatePhoneAsync(OtherNumber, "Bob");

        var id = await bob.SendTextAsync(OwnNumber, "Hello gateway");

        var upsert = await _receiver.WaitAsync("messages.upsert", data => (string?)data["key"]!["id"] == id, Ct);
        var data = upsert["data"]!;
        Assert.Equal($"{OtherNumber}@s.whatsapp.net", (string?)data["key"]!["remoteJid"]);
        Assert.False((bool)data["key"]!["fromMe"]!);
        Assert.Equal("Bob", (string?)data["pushName"]);
        Assert.Equal("Hello gateway", (string?)data["message"]!["conversation"]);
        Assert.Equal("conversation", (string?)data["messageType"]);
        Assert.Equal("sales", (string?)upsert["instance"]);
        Assert.Equal("http://gateway.example", (string?)upsert["server_url"]);
        Assert.Equal($"{OwnNumber}@s.whatsapp.net", (string?)upsert["sender"]);

        var found = await _gateway.PostAsync("/chat/findMessages/sales", new { where = new { key = new { id } } }, Ct);
        Assert.Equal("Hello gateway", (string?)found["messages"]!["records"]![0]!["message"]!["conversation"]);
        var chats = (await _gateway.PostAsync("/chat/findChats/sales", new { }, Ct)).AsArray();
        Assert.Contains(chats, chat => (string?)chat!["remoteJid"] == $"{OtherNumber}@s.whatsapp.net");
        var contacts = (await _gateway.PostAsync("/chat/findContacts/sales", new { }, Ct)).AsArray();
        Assert.Contains(contacts, contact => (string?)contact!["pushName"] == "Bob");
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_restart_needs_no_code_and_what_came_meanwhile_arrives_once()
    {
        await LinkAsync();
        var bob = await _simulator.World.CreatePhoneAsync(OtherNumber, "Bob");
        await _gateway.StopAsync();
        var first = await bob.SendTextAsync(OwnNumber, "one");
        var second = await bob.SendTextAsync(OwnNumber, "two");

        var before = _receiver.Events.Count;
        await _gateway.StartAsync(Ct);

        await _receiver.WaitAsync("messages.upsert", data => (string?)data["key"]!["id"] == second, Ct);
        var ids = _receiver.Events.Where(e => (string?)e["event"] == "messages.upsert").Select(e => (string)e["data"]!["key"]!["id"]!).ToList();
        Assert.Equal([first, second], ids);
        Assert.DoesNotContain(_receiver.Events, e => (string?)e["event"] == "connection.update" && (string?)e["data"]!["state"] == "close");
        await _receiver.WaitForAsync(e => (string?)e["event"] == "connection.update" && (string?)e["data"]!["state"] == "open", before, Ct);
        await _gateway.PostAsync("/message/sendText/sales", new { number = OtherNumber, text = "still here" }, Ct);
        await bob.WaitForMessageAsync(message => message.Text == "still here", ct: Ct);
        Assert.Empty(_simulator.World.Violations.Snapshot());
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_receiver_that_fails_gets_the_event_again()
    {
        await LinkAsync();
        var bob = await _simulator.World.CreatePhoneAsync(OtherNumber, "Bob");
        await _receiver.WaitAsync("connection.update", data => (string?)data["state"] == "open", Ct);
        _receiver.Answers.Enqueue(500);

        await bob.SendTextAsync(OwnNumber, "again");

        await _receiver.WaitAsync("messages.upsert", data => (string?)data["message"]!["conversation"] == "again", Ct);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task An_instance_that_reads_messages_tells_their_authors_in_order()
    {
        await LinkAsync();
        await _gateway.PostAsync("/settings/set/sales", Settings(readMessages: true), Ct);
        var bob = await _simulator.World.CreatePhoneAsync(OtherNumber, "Bob");

        string[] ids = [await bob.SendTextAsync(OwnNumber, "one"), await bob.SendTextAsync(OwnNumber, "two")];

        foreach (var id in ids)
            await bob.WaitForMessageAsync(message => message.Id == id && message.Receipts.Read is not null, ct: Ct);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_pairing_code_comes_with_the_qr_code_and_links()
    {
        var phone = await _simulator.World.CreatePhoneAsync(OwnNumber, "Alice");
        var webhook = new { enabled = true, url = _receiver.Url.ToString(), events = Array.Empty<string>() };
        await _gateway.PostAsync("/instance/create", new { instanceName = "sales", integration = "WHATSAPP-BAILEYS", webhook }, Ct);

        var shown = await _gateway.GetAsync($"/instance/connect/sales?number={OwnNumber}", Ct);
        var code = (string?)shown["pairingCode"];
        Assert.NotNull(code);
        await phone.LinkCodeAsync(code, ct: Ct);

        var told = await _receiver.WaitAsync("qrcode.updated", null, Ct);
        Assert.Equal(code, (string?)told["data"]!["qrcode"]!["pairingCode"]);
        await _receiver.WaitAsync("connection.update", data => (string?)data["state"] == "open", Ct);
    }

    private static object Settings(bool readMessages = false, bool rejectCall = false, string msgCall = "") => new
    {
        rejectCall,
        msgCall,
        groupsIgnore = false,
        alwaysOnline = false,
        readMessages,
        readStatus = false,
        syncFullHistory = false,
    };

    private async Task LinkAsync()
    {
        var phone = await _simulator.World.CreatePhoneAsync(OwnNumber, "Alice");
        var created = await _gateway.PostAsync(
            "/instance/create",
            new
            {
                instanceName = "sales",
                integration = "WHATSAPP-BAILEYS",
                qrcode = true,
                webhook = new { enabled = true, url = _receiver.Url.ToString(), events = Array.Empty<string>() },
            },
            Ct);
        var code = (string?)created["qrcode"]?["code"];
        Assert.NotNull(code);
        await phone.ScanAsync(code, ct: Ct);
        await _receiver.WaitAsync("connection.update", data => (string?)data["state"] == "open", Ct);
    }
}
