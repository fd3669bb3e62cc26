using Evolution.Simulator.Phones;

namespace Evolution.Gateway.Tests.EndToEnd.Receiving;

/// <summary>One <see cref="LinkedGateway"/> for all tests of a class, with metrics.</summary>
public sealed class LinkedGatewayFixture : IAsyncLifetime
{
    private int _numbers = 300;

    internal LinkedGateway Linked { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Linked = await LinkedGateway.StartAsync(CancellationToken.None, ("PROMETHEUS_METRICS", "true"));

    public ValueTask DisposeAsync() => Linked.DisposeAsync();

    /// <summary>A phone that no test has used yet.</summary>
    internal Task<Phone> CreatePhoneAsync(string name) => Linked.Simulator.World.CreatePhoneAsync($"551199999{Interlocked.Increment(ref _numbers):D4}", name);
}
