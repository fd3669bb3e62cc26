using System.Threading.Channels;
using Evolution.Client.Tests;
using Evolution.Gateway.Providers.WhatsAppWeb;
using Evolution.Simulator;
using Evolution.Storage.Devices;
using Evolution.Storage.Instances;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>At a start linked instances connect one after the other, twenty a second, so that a restart looks like no attack.</summary>
public sealed class StartPaceTests : IAsyncLifetime
{
    private const int Instances = 3;
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(50);
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"evolution-{Guid.NewGuid():N}");
    private readonly WaitedClock _clock = new();
    private readonly Channel<string> _started = Channel.CreateUnbounded<string>();
    private SimulatorHost _simulator = null!;
    private RunningGateway _gateway = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDir = Path.Combine(_folder, "simulator") }, Ct);
        _gateway = await RunningGateway.StartAsync(
            _simulator,
            Path.Combine(_folder, "gateway"),
            NullLoggerFactory.Instance,
            services => services
                .AddSingleton(provider => ActivatorUtilities.CreateInstance<HostParts>(provider, _clock))
                .AddSingleton<DeviceStoreFactory>((database, fence) =>
                {
                    Assert.True(_started.Writer.TryWrite(fence.InstanceId));
                    return new SqliteDeviceStore(database, fence);
                }),
            Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _simulator.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Linked_instances_start_a_twentieth_of_a_second_apart_and_others_do_not()
    {
        await _gateway.PostAsync("/instance/create", new { instanceName = "not linked", integration = "WHATSAPP-BAILEYS" }, Ct);
        var store = _gateway.Services.GetRequiredService<InstanceStore>();
        for (var i = 0; i < Instances; i++)
            await store.CreateAsync(Linked(i), [], Ct);
        var waiting = _clock.WaitedAsync(s_between);
        await _gateway.StopAsync();
        await _gateway.StartAsync(Ct);

        var started = new List<string>();
        for (var i = 0; i < Instances; i++)
        {
            started.Add(await _started.Reader.ReadAsync(Ct));
            await waiting;
            waiting = i < Instances - 1 ? _clock.WaitedAsync(s_between) : Task.CompletedTask;
            _clock.Advance(s_between - TimeSpan.FromMilliseconds(1));
            Assert.False(_started.Reader.TryRead(out _));
            _clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(["linked 0", "linked 1", "linked 2"], started.Order(StringComparer.Ordinal));
    }

    private static InstanceRow Linked(int number) => new()
    {
        Id = $"linked {number}",
        Name = $"linked {number}",
        Token = $"token {number}",
        Integration = "WHATSAPP-BAILEYS",
        ClientName = "evolution",
        ConnectionStatus = "open",
        OwnerJid = $"551199999000{number}@s.whatsapp.net",
    };
}
