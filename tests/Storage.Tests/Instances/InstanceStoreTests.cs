using Evolution.Storage.Instances;
using Evolution.Storage.Settings;

namespace Evolution.Storage.Tests.Instances;

public sealed class InstanceStoreTests : IAsyncLifetime
{
    private StorageFixture fixture = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private InstanceStore Store => new(fixture.Database);

    public async ValueTask InitializeAsync() => fixture = await StorageFixture.OpenAsync();

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    [Fact]
    public async Task A_name_is_given_once()
    {
        await fixture.CreateInstanceAsync("sales");
        await fixture.CreateInstanceAsync("Sales");
        var before = await fixture.CountRowsAsync();
        await Assert.ThrowsAsync<NameTakenException>(() => fixture.CreateInstanceAsync("sales"));
        Assert.Equal(before, await fixture.CountRowsAsync());
    }

    [Fact]
    public async Task Instances_are_created_with_their_settings_and_found_by_every_filter()
    {
        var row = new InstanceRow
        {
            Id = Guid.NewGuid().ToString(),
            Name = "sales ../ñ",
            Token = "secret",
            Integration = "WHATSAPP-BAILEYS",
            Number = "5511999990001",
            ClientName = "evolution",
            ConnectionStatus = "close",
        };
        await Store.CreateAsync(row, [Settings(), Webhook()], Ct);
        await fixture.CreateInstanceAsync("other");

        foreach (var filter in new InstanceFilter[] { new() { Id = row.Id }, new() { Name = row.Name }, new() { Number = row.Number }, new() { Token = "secret" } })
            Assert.Equal(row.Name, Assert.Single(await Store.ListAsync(filter, Ct)).Name);
        Assert.Equal(2, (await Store.ListAsync(new InstanceFilter { ClientName = "evolution" }, Ct)).Count);
        Assert.Empty(await Store.ListAsync(new InstanceFilter { ClientName = "evolution", Name = "sales" }, Ct));
        var found = await FindAsync(row.Id);
        Assert.Equal("secret", found.Token);
        Assert.Equal(found.CreatedAt, found.UpdatedAt);
        Assert.Equal([KeyValuePair.Create(row.Id, new InstanceCounts(0, 0, 0))], await Store.CountAsync([row.Id, "nobody"], Ct));

        var settings = await new SettingsStore(fixture.Database).FindAsync(row.Id, Ct);
        Assert.Equal((true, "busy", row.Id), (settings!.RejectCall, settings.MsgCall, settings.InstanceId));
        var webhook = await new WebhookStore(fixture.Database).FindAsync(row.Id, Ct);
        Assert.Equal(("http://127.0.0.1:8882/x", true, """["CALL"]"""), (webhook!.Url, webhook.WebhookBase64, webhook.Events));
    }

    [Fact]
    public async Task A_connection_update_changes_only_what_it_names()
    {
        var fence = await fixture.OwnAsync();
        var rows = new InstanceRows(fixture.Database);
        await rows.CommitAsync(fence, [new ConnectionUpdate { Status = "open", OwnerJid = "5511999990001@s.whatsapp.net", ProfileName = "Ana" }], Ct);
        await rows.CommitAsync(fence, [new ConnectionUpdate { Status = "close", Disconnection = new Disconnection(401, "{}", DateTimeOffset.UnixEpoch) }], Ct);
        var row = await FindAsync(fence.InstanceId);
        Assert.Equal(("close", "Ana", 401, "{}", DateTimeOffset.UnixEpoch), (row.ConnectionStatus, row.ProfileName, row.DisconnectionReasonCode, row.DisconnectionObject, row.DisconnectionAt));
        await rows.CommitAsync(fence, [new ConnectionUpdate { ClearsOwner = true }], Ct);
        row = await FindAsync(fence.InstanceId);
        Assert.Equal(("close", null, null), (row.ConnectionStatus, row.OwnerJid, row.ProfileName));
    }

    [Fact]
    public async Task Saving_again_replaces_and_keeps_the_row_id()
    {
        var id = await fixture.CreateInstanceAsync();
        var store = new WebhookStore(fixture.Database);
        var first = await store.SaveAsync(id, Webhook(), Ct);
        var second = await store.SaveAsync(id, Webhook() with { Url = "http://127.0.0.1/y", Enabled = false, Secret = "s" }, Ct);
        Assert.Equal((first.Id, first.CreatedAt, "http://127.0.0.1/y", false, "s"), (second.Id, second.CreatedAt, second.Url, second.Enabled, second.Secret));
        var settings = new SettingsStore(fixture.Database);
        var saved = await settings.SaveAsync(id, Settings(), Ct);
        Assert.Equal(saved.Id, (await settings.SaveAsync(id, Settings() with { RejectCall = false }, Ct)).Id);
        Assert.False((await settings.FindAsync(id, Ct))!.RejectCall);
        Assert.Null(await settings.FindAsync("another", Ct));
    }

    [Fact]
    public async Task Deleting_an_unknown_instance_says_so() =>
        Assert.False(await Store.DeleteAsync(Guid.NewGuid().ToString(), [], [], Ct));

    private async Task<InstanceRow> FindAsync(string id) => Assert.Single(await Store.ListAsync(new InstanceFilter { Id = id }, Ct));

    private static SettingsRow Settings() => new()
    {
        RejectCall = true,
        MsgCall = "busy",
        GroupsIgnore = false,
        AlwaysOnline = true,
        ReadMessages = false,
        ReadStatus = true,
        SyncFullHistory = false,
        WavoipToken = string.Empty,
    };

    private static WebhookRow Webhook() => new()
    {
        Url = "http://127.0.0.1:8882/x",
        Enabled = true,
        Events = """["CALL"]""",
        WebhookByEvents = false,
        WebhookBase64 = true,
    };
}
