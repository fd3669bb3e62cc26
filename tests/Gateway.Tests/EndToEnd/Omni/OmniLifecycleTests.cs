using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Evolution.Gateway.Tests.EndToEnd.Omni;

/// <summary>The life of an instance as Automagik Omni leads it.</summary>
public sealed class OmniLifecycleTests : IAsyncLifetime
{
    private OmniWorld _world = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await OmniWorld.StartAsync(Ct);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact(Timeout = TestLimit.Ms)]
    public async Task The_gateway_is_healthy_and_tells_a_wrong_key_from_trouble()
    {
        var root = await _world.Omni.GetAsync("/", Ct);
        Assert.All(["version", "clientName", "whatsappWebVersion"], field => Assert.Equal(JsonValueKind.String, root[field]!.GetValueKind()));

        foreach (var key in (string[])["wrong", ""])
        {
            using var stranger = new OmniClient(_world.Gateway.Http.BaseAddress!, key);
            Assert.Equal(HttpStatusCode.Unauthorized, (await Assert.ThrowsAsync<OmniException>(() => stranger.GetAsync("/instance/fetchInstances", Ct))).Status);
        }
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_new_instance_has_what_it_was_made_with_in_the_shapes_that_are_read()
    {
        var created = await _world.CreateAsync(Ct);

        var row = Assert.Single((await _world.Omni.GetAsync($"/instance/fetchInstances?instanceName={OmniWorld.Instance}", Ct)).AsArray())!;
        Assert.Equal(((string)created["instance"]!["instanceId"]!, (string)created["hash"]!, OmniWorld.Instance), ((string)row["id"]!, (string)row["token"]!, (string)row["name"]!));
        IsReadable(row);
        var webhook = await _world.Omni.GetAsync(OmniWorld.To("/webhook/find"), Ct);
        Assert.Equal(_world.Webhook.Url.ToString(), (string?)webhook["url"]);
        Assert.True((bool)webhook["enabled"]! && (bool)webhook["webhookBase64"]! && !(bool)webhook["webhookByEvents"]!);
        Assert.Equal(["MESSAGES_UPSERT"], webhook["events"]!.AsArray().Select(name => (string?)name));
        var settings = (await _world.Omni.GetAsync(OmniWorld.To("/settings/find"), Ct)).AsObject();
        Assert.All(JsonNode.Parse(OmniClient.SettingsBody)!.AsObject(), wanted => Assert.True(JsonNode.DeepEquals(wanted.Value, settings[wanted.Key]), wanted.Key));

        var again = await Assert.ThrowsAsync<OmniException>(() => OmniWorld.CreateAsync(_world.Omni, OmniWorld.Instance, _world.Webhook.Url, Ct));
        Assert.Equal(HttpStatusCode.Forbidden, again.Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAsync<OmniException>(() => _world.Omni.GetAsync("/instance/fetchInstances?instanceName=nobody", Ct))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAsync<OmniException>(() => _world.Omni.GetAsync("/instance/connectionState/nobody", Ct))).Status);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task The_webhook_of_its_clients_default_is_taken_whatever_its_fields_are_called()
    {
        await _world.Omni.PostAsync(
            "/instance/create",
            $$"""{"instanceName":"plain","integration":"WHATSAPP-BAILEYS","webhook":{"enabled":true,"url":"{{_world.Webhook.Url}}","webhookByEvents":false,"webhookBase64":true,"events":["MESSAGES_UPSERT"]} }""",
            Ct);

        Assert.Equal(_world.Webhook.Url.ToString(), (string?)(await _world.Omni.GetAsync("/webhook/find/plain", Ct))["url"]);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Its_page_sets_a_webhook_without_the_wrapper_and_with_events_as_they_are_called()
    {
        await _world.CreateAsync(Ct);
        string[] shown =
        [
            "APPLICATION_STARTUP", "QRCODE_UPDATED", "MESSAGES_SET", "MESSAGES_UPSERT", "MESSAGES_UPDATE", "MESSAGES_DELETE", "SEND_MESSAGE", "CONTACTS_SET",
            "CONTACTS_UPSERT", "CONTACTS_UPDATE", "CHATS_SET", "CHATS_UPSERT", "CHATS_UPDATE", "CHATS_DELETE", "GROUPS_UPSERT", "GROUPS_UPDATE", "PRESENCE_UPDATE",
            "CONNECTION_UPDATE", "CALL", "LABELS_EDIT", "LABELS_ASSOCIATION", "LOGOUT_INSTANCE", "REMOVE_INSTANCE",
        ];

        await _world.Omni.PostAsync(OmniWorld.To("/webhook/set"), new { enabled = true, url = _world.Webhook.Url.ToString(), events = shown, base64 = false, byEvents = false }, Ct);

        var webhook = await _world.Omni.GetAsync(OmniWorld.To("/webhook/find"), Ct);
        Assert.False((bool)webhook["webhookBase64"]!);
        Assert.Equal(shown, webhook["events"]!.AsArray().Select(name => (string)name!));
        await _world.LinkAsync(OmniWorld.Instance, _world.Own, Ct);
        var group = await _world.Simulator.World.CreateGroupAsync(OmniWorld.OtherNumber, "Club", [OmniWorld.OwnNumber]);
        await _world.Webhook.WaitAsync("groups.upsert", null, Ct);
        using var control = new HttpClient { BaseAddress = _world.Simulator.ControlUrl };
        (await control.PatchAsJsonAsync($"/v1/groups/{group}", new { subject = "Circle" }, Ct)).EnsureSuccessStatusCode();
        await _world.Webhook.WaitAsync("groups.update", null, Ct);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Asking_for_the_code_again_and_again_keeps_it_and_disturbs_nothing()
    {
        await _world.CreateAsync(Ct);
        var first = await _world.QrCodeAsync(OmniWorld.Instance, Ct);
        Assert.StartsWith("data:image/png;base64,", (string?)first["base64"], StringComparison.Ordinal);
        for (var poll = 0; poll < 3; poll++)
            Assert.True(JsonNode.DeepEquals(first, await _world.QrCodeAsync(OmniWorld.Instance, Ct)));

        await _world.LinkAsync(OmniWorld.Instance, _world.Own, Ct);
        var events = _world.Ears.Events.Count;
        var open = await _world.QrCodeAsync(OmniWorld.Instance, Ct);
        Assert.Null(open["base64"]);
        Assert.Equal("open", (string?)open["instance"]!["state"]);
        var sent = await _world.Sender.PostAsync(OmniWorld.To("/message/sendText"), new { number = OmniWorld.OtherNumber, text = "still open" }, Ct);
        await _world.Ears.WaitForAsync(e => (string?)e["event"] == "send.message" && (string?)e["data"]!["key"]!["id"] == (string?)sent["key"]!["id"], events, Ct);
        Assert.DoesNotContain(_world.Ears.Events.Skip(events), e => (string?)e["event"] == "connection.update");
        // The button of its page does restart.
        Assert.Equal("open", (string?)(await _world.Omni.PostAsync(OmniWorld.To("/instance/restart"), "{}", Ct))["instance"]!["state"]);
        await _world.Ears.WaitForAsync(e => OmniWorld.IsOpen(e), events, Ct);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_key_that_is_refused_is_replaced_by_the_token_of_the_listing()
    {
        await _world.CreateAsync(Ct);
        using var outdated = new OmniClient(_world.Gateway.Http.BaseAddress!, "sk-omni-outdated");

        var state = await outdated.RefreshingAsync(OmniWorld.To("/instance/connectionState"), OmniWorld.Instance, OmniWorld.GlobalKey, Ct);

        Assert.Equal("connecting", (string?)state["instance"]!["state"]);
        Assert.Equal(OmniWorld.Instance, (string?)Assert.Single((await _world.Sender.GetAsync("/instance/fetchInstances", Ct)).AsArray())!["name"]);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Logging_out_unlinks_and_shows_a_new_code_and_without_a_link_does_no_harm()
    {
        await _world.CreateAsync(Ct);
        await NoServerErrorAsync(() => _world.Sender.DeleteAsync(OmniWorld.To("/instance/logout"), Ct));
        await NoServerErrorAsync(() => _world.Sender.DeleteAsync(OmniWorld.To("/instance/logout"), Ct));
        await _world.LinkAsync(OmniWorld.Instance, _world.Own, Ct);

        await _world.Sender.DeleteAsync(OmniWorld.To("/instance/logout"), Ct);

        Assert.Empty(_world.Own.Devices());
        Assert.Equal("close", (string?)(await _world.Omni.GetAsync(OmniWorld.To("/instance/connectionState"), Ct))["instance"]!["state"]);
        Assert.NotNull((string?)(await _world.QrCodeAsync(OmniWorld.Instance, Ct))["base64"]);
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("close")]
    [InlineData("connecting")]
    [InlineData("open")]
    public async Task Deleting_works_in_every_state_and_leaves_nothing(string state)
    {
        await _world.CreateAsync(Ct);
        if (state == "open")
            await _world.LinkAsync(OmniWorld.Instance, _world.Own, Ct);
        else if (state == "close")
            await _world.Sender.DeleteAsync(OmniWorld.To("/instance/logout"), Ct);
        Assert.Equal(state, (string?)(await _world.Omni.GetAsync("/instance/fetchInstances", Ct))[0]!["connectionStatus"]);

        await _world.Sender.DeleteAsync(OmniWorld.To("/instance/delete"), Ct);

        Assert.Empty(_world.Own.Devices());
        Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAsync<OmniException>(() => _world.Omni.GetAsync(OmniWorld.To("/instance/connectionState"), Ct))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAsync<OmniException>(() => _world.Omni.DeleteAsync(OmniWorld.To("/instance/delete"), Ct))).Status);
        await _world.CreateAsync(Ct);
        Assert.Empty(_world.Webhook.Events);
    }

    private static async Task NoServerErrorAsync(Func<Task> call)
    {
        if (await Record.ExceptionAsync(call) is { } error)
            Assert.InRange((int)Assert.IsType<OmniException>(error).Status, 400, 499);
    }

    // One row with a wrong type makes Omni's whole listing fail.
    private static void IsReadable(JsonNode row)
    {
        Assert.Contains((string)row["connectionStatus"]!, (string[])["open", "close", "connecting"]);
        foreach (var text in (string[])["ownerJid", "profileName", "profilePicUrl"])
            Assert.True(row[text] is null || row[text]!.GetValueKind() == JsonValueKind.String, text);
        foreach (var text in (string[])["integration", "createdAt", "updatedAt"])
            Assert.Equal(JsonValueKind.String, row[text]!.GetValueKind());
        foreach (var count in (string[])["Message", "Contact", "Chat"])
            Assert.Equal(JsonValueKind.Number, row["_count"]![count]!.GetValueKind());
        foreach (var flag in (string[])["rejectCall", "groupsIgnore", "alwaysOnline", "readMessages", "readStatus", "syncFullHistory"])
            Assert.Contains(row["Setting"]![flag]!.GetValueKind(), (JsonValueKind[])[JsonValueKind.True, JsonValueKind.False]);
        foreach (var part in (string[])["Chatwoot", "Rabbitmq", "Websocket"])
            Assert.True(row.AsObject().ContainsKey(part) && row[part] is null or JsonObject, part);
    }
}
