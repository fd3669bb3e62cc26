using Xunit;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>Holds the page of message types to the table.</summary>
[Trait("Part", "interop")]
[Trait("Gate", "yes")]
public sealed class MessageTypesPageTests
{
    [Fact]
    public Task It_names_the_peers_that_this_table_proves() => MessageTypePeers.CheckAsync(TestContext.Current.CancellationToken);
}
