using Evolution.Client.Stores;
using Evolution.Simulator;
using Evolution.Simulator.Phones;
using Xunit;

namespace Evolution.Client.Tests.Messages;

/// <summary>A device linked to Bob's phone, and Alice's phone, all over the simulator's server.</summary>
public abstract class Scenario : IAsyncLifetime
{
    private protected const string BobNumber = "5511999990001";
    private protected const string AliceNumber = "5511999990002";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("evolution-messages-");

    private protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private protected SimulatorHost Simulator { get; private set; } = null!;

    private protected TestDevice Device { get; private set; } = null!;

    private protected Phone Bob { get; private set; } = null!;

    private protected Phone Alice { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDir = folder.FullName }, Ct);
        Bob = await Simulator.World.CreatePhoneAsync(BobNumber, "Bob");
        Alice = await Simulator.World.CreatePhoneAsync(AliceNumber, "Alice");
        Device = new TestDevice(Simulator);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Device.DisposeAsync();
        await Simulator.DisposeAsync();
        folder.Delete(recursive: true);
    }

    private protected Task PairAsync() => PairAsync(Device, Bob);

    private protected static async Task PairAsync(TestDevice device, Phone phone)
    {
        device.Client.Start();
        await phone.ScanAsync((await device.EventAsync<QrCodeIssued>(Ct)).Text, ct: Ct);
        await device.StateAsync(ConnectionState.Open, Ct);
    }

    /// <summary>The same device in a new client: only what was committed is left.</summary>
    private protected async Task RestartAsync()
    {
        await Device.DisposeAsync();
        Device = new TestDevice(Simulator, store: Device.Store);
        Device.Client.Start();
        await Device.StateAsync(ConnectionState.Open, Ct);
    }

    private protected async Task LoseSessionsAsync()
    {
        var writes = new DeviceWriteSet();
        writes.Sessions[Alice.Jid.ToSignalAddress()] = null;
        writes.Sessions[Alice.Lid.ToSignalAddress()] = null;
        await Device.Store.CommitAsync(writes, Ct);
    }

    private protected Task<MessageReceived> ReceivedAsync(string id) => Device.MessageAsync(id, Ct);

    private protected Task<MessageStatusChanged> StatusAsync(string id, MessageStatus status) =>
        Device.StatusAsync(id, status, Ct);

    private protected static async Task UntilAsync(Phone phone, Func<bool> fulfilled)
    {
        while (true)
        {
            var changed = phone.NextChange();
            if (fulfilled())
                return;
            await changed.WaitAsync(TimeSpan.FromSeconds(10), Ct);
        }
    }

    private protected static async Task UntilStoredAsync(Func<Task<bool>> fulfilled)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        while (!await fulfilled())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private protected void NoViolations() => Assert.Empty(Simulator.World.Violations.Snapshot());
}
