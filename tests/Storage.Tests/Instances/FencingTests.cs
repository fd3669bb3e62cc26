using System.Collections;
using System.Reflection;
using Evolution.Client.Stores;
using Evolution.Storage.Database;
using Evolution.Storage.Devices;
using Evolution.Storage.Instances;
using Evolution.Storage.Tests.Devices;

namespace Evolution.Storage.Tests.Instances;

public sealed class FencingTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_owner_gets_a_higher_number()
    {
        await using var fixture = await StorageFixture.OpenAsync();
        var first = await fixture.OwnAsync();
        var second = await fixture.OwnAsync(first.InstanceId);
        Assert.True(second.Number > first.Number);
        await Assert.ThrowsAsync<KeyNotFoundException>(() => fixture.OwnAsync(Guid.NewGuid().ToString()));
    }

    [Fact]
    public async Task Every_kind_of_device_write_is_refused_with_a_stale_number()
    {
        // A member added to the write set later fails here until it has a set of its own.
        var members = typeof(DeviceWriteSet).GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.CanWrite || typeof(IEnumerable).IsAssignableFrom(p.PropertyType))
            .Select(p => p.Name).Where(name => name != nameof(DeviceWriteSet.Attached)).Order();
        Assert.Equal(members, DeviceSets.ByMember.Keys.Order());

        await using var fixture = await StorageFixture.OpenAsync();
        var stale = await fixture.OwnAsync();
        var store = new SqliteDeviceStore(fixture.Database, stale);
        await store.CommitAsync(DeviceSets.Everything(), Ct);
        await fixture.OwnAsync(stale.InstanceId);
        var before = await DumpAsync(fixture);
        foreach (var change in DeviceSets.ByMember.Values)
            await Assert.ThrowsAsync<FencedException>(async () => await store.CommitAsync(DeviceSets.Of(change), Ct));
        await Assert.ThrowsAsync<FencedException>(
            async () => await store.CommitAsync(DeviceSets.Of(w => w.Attached.Add(new ConnectionUpdate { Status = "open" })), Ct));
        Assert.Equal(before, await DumpAsync(fixture));
    }

    [Fact]
    public async Task Every_method_that_takes_or_holds_a_fence_is_refused_with_a_stale_number()
    {
        await using var fixture = await StorageFixture.OpenAsync();
        var stale = await fixture.OwnAsync();
        await fixture.OwnAsync(stale.InstanceId);
        var before = await DumpAsync(fixture);
        var called = new List<string>();
        foreach (var method in WriteMethods())
        {
            called.Add($"{method.DeclaringType!.Name}.{method.Name}");
            var target = Construct(method.DeclaringType, fixture.Database, stale);
            var arguments = method.GetParameters().Select(p => ArgumentFor(p.ParameterType, stale)).ToArray();
            await Assert.ThrowsAsync<FencedException>(() => AsTask(method.Invoke(target, arguments)!));
        }

        Assert.Contains("SqliteDeviceStore.CommitAsync", called);
        Assert.Equal(before, await DumpAsync(fixture));
    }

    [Fact]
    public async Task The_device_of_a_deleted_instance_is_refused()
    {
        await using var fixture = await StorageFixture.OpenAsync();
        var fence = await fixture.OwnAsync();
        var store = new SqliteDeviceStore(fixture.Database, fence);
        await store.CommitAsync(DeviceSets.Everything(), Ct);
        Assert.True(await new InstanceStore(fixture.Database).DeleteAsync(fence.InstanceId, [], [], Ct));
        await Assert.ThrowsAsync<FencedException>(async () => await store.CommitAsync(DeviceSets.Everything(), Ct));
        Assert.All((await fixture.CountRowsAsync()).Where(t => t.Key != "VersionInfo"), table => Assert.Equal(0, table.Value));
    }

    private static IEnumerable<MethodInfo> WriteMethods()
    {
        foreach (var type in typeof(SqliteDatabase).Assembly.GetExportedTypes())
        {
            if (type == typeof(InstanceFence))
                continue;
            var holds = type.GetConstructors().Any(c => c.GetParameters().Any(p => p.ParameterType == typeof(InstanceFence)));
            foreach (var method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            {
                var writes = method.ReturnType == typeof(Task) || method.ReturnType == typeof(ValueTask);
                if ((holds && writes) || method.GetParameters().Any(p => p.ParameterType == typeof(InstanceFence)))
                    yield return method;
            }
        }
    }

    private static object Construct(Type type, SqliteDatabase database, InstanceFence fence)
    {
        var constructor = type.GetConstructors().Single();
        return constructor.Invoke([.. constructor.GetParameters().Select(p => p.ParameterType == typeof(SqliteDatabase) ? database : ArgumentFor(p.ParameterType, fence))]);
    }

    private static object ArgumentFor(Type type, InstanceFence fence)
    {
        if (type == typeof(InstanceFence))
            return fence;
        if (type == typeof(DeviceWriteSet))
            return DeviceSets.Everything();
        if (type == typeof(IReadOnlyList<IAttachedWrite>))
            return new IAttachedWrite[] { new ConnectionUpdate { Status = "open" } };
        return type == typeof(CancellationToken) ? Ct : throw new InvalidOperationException($"No stale call is known for a parameter of type {type}.");
    }

    private static Task AsTask(object returned) => returned is ValueTask value ? value.AsTask() : (Task)returned;

    private static async Task<string> DumpAsync(StorageFixture fixture) => await fixture.Database.ReadAsync(
        sql => string.Join(
            '\n',
            sql.Query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name", r => r.GetString(0))
                .SelectMany(table => sql.Query(
                    $"SELECT * FROM {table}",
                    r => table + ":" + string.Join('|', Enumerable.Range(0, r.FieldCount).Select(i =>
                        r.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes) : r.GetValue(i).ToString()))))),
        Ct);
}
