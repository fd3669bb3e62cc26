using Evolution.Client.Stores;
using Evolution.Storage.Devices;

namespace Evolution.Storage.Tests.Devices;

public sealed class SqliteDeviceStoreTests : DeviceStoreCompliance, IAsyncLifetime
{
    private StorageFixture fixture = null!;

    public async ValueTask InitializeAsync() => fixture = await StorageFixture.OpenAsync();

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    [Fact]
    public async Task Two_instances_share_nothing()
    {
        var first = new SqliteDeviceStore(fixture.Database, await fixture.OwnAsync(await fixture.CreateInstanceAsync("one")));
        var second = new SqliteDeviceStore(fixture.Database, await fixture.OwnAsync(await fixture.CreateInstanceAsync("two")));
        await first.CommitAsync(DeviceSets.Everything(), Ct);
        Assert.Null(await second.LoadCredentialsAsync(Ct));
        Assert.Empty(await second.LoadSessionsAsync([DeviceSets.Address], Ct));
        Assert.Empty(await second.LoadLidsAsync([DeviceSets.Phone], Ct));
        await second.CommitAsync(DeviceSets.Of(w => w.Reset = DeviceReset.Wipe), Ct);
        Assert.NotNull(await first.LoadCredentialsAsync(Ct));
        Assert.Single(await first.LoadSessionsAsync([DeviceSets.Address], Ct));
    }

    [Fact]
    public async Task An_archived_device_keeps_its_credentials_where_only_an_operator_looks()
    {
        var store = await OpenStoreAsync();
        var writes = DeviceSets.Everything();
        await store.CommitAsync(writes, Ct);
        await store.CommitAsync(DeviceSets.Of(w => w.Reset = DeviceReset.Archive), Ct);
        var archived = await fixture.Database.ReadAsync(sql => (byte[]?)sql.Scalar("SELECT credentials FROM archived_credentials"), Ct);
        Assert.Equal(writes.Credentials!.ToBytes(), archived);
    }

    [Fact]
    public async Task A_committed_set_survives_the_database_being_closed()
    {
        var fence = await fixture.OwnAsync();
        await new SqliteDeviceStore(fixture.Database, fence).CommitAsync(DeviceSets.Everything(), Ct);
        await fixture.ReopenAsync();
        var store = new SqliteDeviceStore(fixture.Database, fence);
        Assert.Single(await store.LoadSessionsAsync([DeviceSets.Address], Ct));
    }

    protected override async ValueTask<IDeviceStore> OpenStoreAsync() => new SqliteDeviceStore(fixture.Database, await fixture.OwnAsync());
}
