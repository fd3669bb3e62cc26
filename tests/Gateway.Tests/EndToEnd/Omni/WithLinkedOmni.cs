using Evolution.Simulator.Phones;

namespace Evolution.Gateway.Tests.EndToEnd.Omni;

/// <summary>Each test has an <see cref="OmniWorld"/> of its own whose instance is linked.</summary>
public abstract class WithLinkedOmni : IAsyncLifetime
{
    private protected OmniWorld _world = null!;

    private protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>What the phone remembers when it is linked; null for nothing.</summary>
    private protected virtual PastSpec? Past => null;

    public async ValueTask InitializeAsync()
    {
        _world = await OmniWorld.StartAsync(Ct, Past);
        await _world.LinkAsync(Ct);
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();
}
