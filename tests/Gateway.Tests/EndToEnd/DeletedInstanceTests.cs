using Evolution.Gateway.Instances;
using Microsoft.Extensions.DependencyInjection;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>Requests that were let in before an instance was deleted, and are served after it.</summary>
public sealed class DeletedInstanceTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimit.Ms)]
    public async Task They_start_nothing_and_do_not_fail()
    {
        await using var linked = await LinkedGateway.StartAsync(Ct);
        var hosts = linked.Gateway.Services.GetRequiredService<IInstanceHosts>();
        var instance = linked.Gateway.Services.GetRequiredService<InstanceDirectory>().Find("sales")!;
        var before = hosts.HostOf(instance);

        await linked.Gateway.DeleteAsync("/instance/delete/sales", Ct);

        foreach (var host in new[] { before, hosts.HostOf(instance) })
        {
            await host.ConnectAsync(LinkedGateway.OwnNumber, Ct);
            await host.RestartAsync(Ct);
            await host.LogoutAsync(Ct);
            Assert.NotEqual(ConnectionState.Connecting, host.Status.State);
        }

        Assert.NotSame(hosts.HostOf(instance), hosts.HostOf(instance));
    }
}
