using Evolution.Client.Messages;
using Evolution.Client.Stores;
using Evolution.Client.Tests.Dispatch;
using Evolution.Protocol.Jids;
using Xunit;

namespace Evolution.Client.Tests.Stores;

public sealed class DeviceStoreTests
{
    private static readonly SignalAddress Address = new("77_1", 3);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void Credentials_survive_their_stored_form()
    {
        var before = DeviceCredentials.Create(TimeProvider.System.GetUtcNow()) with
        {
            Device = Jid.Parse("5511999990001:4@s.whatsapp.net"),
            Lid = Jid.Parse("77:4@lid"),
            PushName = "Zoë",
            Account = [1, 2],
            RoutingInfo = [8],
            NctSalt = [9],
            AccountSyncTimestamp = "17",
        };
        var after = DeviceCredentials.Parse(before.ToBytes());
        Assert.Equal(before.ToBytes(), after.ToBytes());
        Assert.Equal(before.Device, after.Device);
        Assert.Equal(before.Identity.KeyPair.PublicKey.ToArray(), after.Identity.KeyPair.PublicKey.ToArray());
        Assert.Throws<FormatException>(() => DeviceCredentials.Parse("{}"u8));
    }

    [Fact]
    public async Task Who_waits_for_a_commit_is_told_of_it_once_and_not_of_a_failed_one()
    {
        var store = new FailingStore();
        var cached = new CachedDeviceStore(store);
        var told = 0;
        var later = new DeviceWriteSet();
        later.WhenCommitted(() => told++);
        var writes = Session([1]);
        writes.Merge(later);
        store.Fail = true;
        await Assert.ThrowsAsync<StoreFailedException>(async () => await cached.CommitAsync(writes, Ct));
        Assert.Equal(0, told);

        store.Fail = false;
        await cached.CommitAsync(writes, Ct);
        writes.Clear();
        await cached.CommitAsync(writes, Ct);

        Assert.Equal(1, told);
    }

    [Fact]
    public async Task A_failed_commit_makes_the_cache_forget_what_it_spoke_of()
    {
        var store = new FailingStore();
        var cached = new CachedDeviceStore(store);
        await cached.CommitAsync(Session([1]), Ct);
        Assert.Equal([1], (await cached.LoadSessionsAsync([Address], Ct))[Address]);
        Assert.Equal(0, store.Loads);

        store.Fail = true;
        await Assert.ThrowsAsync<StoreFailedException>(async () => await cached.CommitAsync(Session([2]), Ct));
        Assert.Equal([1], (await cached.LoadSessionsAsync([Address], Ct))[Address]);
        Assert.Equal(1, store.Loads);
    }

    [Fact]
    public async Task A_handler_sees_what_came_before_it_in_the_same_batch()
    {
        var store = new InMemoryDeviceStore();
        await store.CommitAsync(Session([1]), Ct);
        var earlier = Session([2]);
        var reader = new RatchetReader(store, new DeviceWriteSet { Earlier = earlier });
        Assert.Equal([2], await reader.SessionBytesAsync(Address, Ct));
        earlier.Sessions[Address] = null;
        Assert.Null(await reader.SessionBytesAsync(Address, Ct));
        earlier.Clear();
        Assert.Equal([1], await reader.SessionBytesAsync(Address, Ct));
    }

    [Fact]
    public async Task Credentials_are_read_again_after_a_commit_whose_outcome_is_unknown()
    {
        var store = new FailingStore();
        using var state = new DeviceState(store, TimeProvider.System);
        await state.EnsureLoadedAsync(Ct);
        store.FailAfterWriting = true;
        await Assert.ThrowsAsync<IOException>(() => state.UpdateAsync(c => c with { PushName = "Zoë" }, Ct));
        Assert.Null(state.Credentials.PushName);

        store.FailAfterWriting = false;
        await state.EnsureLoadedAsync(Ct);
        Assert.Equal("Zoë", state.Credentials.PushName);
    }

    [Fact]
    public async Task A_new_mapping_replaces_the_old_one_in_both_directions()
    {
        var cached = new CachedDeviceStore(new InMemoryDeviceStore());
        var (phone, oldLid, newLid) = (Jid.ForPhone("5511999990001"), Jid.ForLid("1"), Jid.ForLid("2"));
        await cached.CommitAsync(Mapping(phone, oldLid), Ct);
        await cached.LoadPhonesAsync([oldLid], Ct);
        await cached.CommitAsync(Mapping(phone, newLid), Ct);
        Assert.Equal(newLid, (await cached.LoadLidsAsync([phone], Ct))[phone]);
        Assert.Empty(await cached.LoadPhonesAsync([oldLid], Ct));
    }

    [Fact]
    public async Task Attached_writes_of_an_unknown_kind_are_refused_and_nothing_is_written()
    {
        var store = new InMemoryDeviceStore();
        var writes = Session([1]);
        writes.Attached.Add(new Odd());
        await Assert.ThrowsAsync<ArgumentException>(async () => await store.CommitAsync(writes, Ct));
        Assert.Empty(await store.LoadSessionsAsync([Address], Ct));
    }

    private static DeviceWriteSet Session(byte[] record)
    {
        var writes = new DeviceWriteSet();
        writes.Sessions[Address] = record;
        return writes;
    }

    private static DeviceWriteSet Mapping(Jid phone, Jid lid)
    {
        var writes = new DeviceWriteSet();
        writes.AddressMappings.Add(new AddressMapping(phone, lid));
        return writes;
    }

    private sealed class Odd : IAttachedWrite;
}
