using Evolution.Gateway.Instances;
using Evolution.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Evolution.Gateway.Tests.Instances;

/// <summary>DEL_INSTANCE.</summary>
public sealed class UnpairedInstancesTests
{
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_an_instance_that_nobody_linked_is_deleted_when_its_time_is_up()
    {
        await using var gateway = await StartAsync(("DEL_INSTANCE", "5"));
        await gateway.CreateAsync("open", Ct);
        gateway.HostOf("open").Be(ConnectionState.Open);
        await gateway.CreateAsync("linked", Ct);
        gateway.HostOf("linked").Provider.Account = new Gateway.Providers.OwnAccount(Protocol.Jids.Jid.ForPhone("5511999990001"), null, null);
        await gateway.CreateAsync("forgotten", Ct);
        gateway.HostOf("forgotten").Be(ConnectionState.Connecting);
        await gateway.CreateAsync("last", Ct);

        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.Empty(gateway.Hosts.Removed);
        _time.Advance(TimeSpan.FromMinutes(1));

        for (var deleted = 0; deleted < 2; deleted++)
        {
            // The clock goes on, as it does.
            while (!await gateway.Hosts.Removals.WaitAsync(TimeSpan.FromMilliseconds(20), Ct))
                _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["forgotten", "last"], gateway.Hosts.Removed);
        Assert.NotNull(gateway.InstanceOf("open"));
        Assert.NotNull(gateway.InstanceOf("linked"));
    }

    private Task<RunningGateway> StartAsync(params (string Name, string Value)[] environment) =>
        RunningGateway.StartAsync(services => services.AddSingleton<TimeProvider>(_time), Ct, environment);
}
