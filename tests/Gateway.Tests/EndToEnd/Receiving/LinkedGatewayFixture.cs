namespace Evolution.Gateway.Tests.EndToEnd.Receiving;

/// <summary>One <see cref="LinkedGateway"/> for all tests of a class, with metrics.</summary>
public sealed class LinkedGatewayFixture : IAsyncLifetime
{
    internal LinkedGateway Linked { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Linked = await LinkedGateway.StartAsync(CancellationToken.None, ("PROMETHEUS_METRICS", "true"));

    public ValueTask DisposeAsync() => Linked.DisposeAsync();
}
