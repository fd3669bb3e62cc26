using System.Net.WebSockets;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Server;

namespace Evolution.Simulator.Tests.Server;

public sealed class StanzaRouterTests
{
    [Theory]
    [InlineData("presence", true)]
    [InlineData("ib", true)]
    [InlineData("message", false)]
    public async Task Before_the_login_a_presence_goes_unheard_and_a_message_is_a_violation(string tag, bool accepted)
    {
        await using var simulator = await TestSimulator.StartAsync();
        using var socket = new ClientWebSocket();
        using var connection = new ServerConnection(1, socket, simulator.World, TestContext.Current.CancellationToken);

        await simulator.World.Router.RouteAsync(connection, new Node(tag));

        Assert.Equal(accepted ? 0 : 1, simulator.World.Violations.Count);
    }
}
