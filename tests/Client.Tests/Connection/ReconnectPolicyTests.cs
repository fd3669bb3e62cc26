using Evolution.Client.Connection;
using Evolution.Protocol.Nodes;
using Xunit;

namespace Evolution.Client.Tests.Connection;

public sealed class ReconnectPolicyTests
{
    [Theory]
    [InlineData(515, null, "Restart")]
    [InlineData(401, "device_removed", "LogOutAndWipe")]
    [InlineData(401, null, "LogOut")]
    [InlineData(403, null, "Wait")]
    [InlineData(405, null, "Wait")]
    [InlineData(408, null, "Wait")]
    [InlineData(411, null, "Wait")]
    [InlineData(440, null, "Stop")]
    [InlineData(409, "replaced", "Stop")]
    [InlineData(500, null, "Wait")]
    [InlineData(503, null, "Wait")]
    [InlineData(516, null, "LogOut")]
    [InlineData(500, "xml-not-well-formed", "Wait")]
    [InlineData(599, null, "Wait")]
    public void Stream_errors_follow_the_table(int code, string? condition, string action) =>
        Assert.Equal(action, Decide(new ConnectionEnd(EndKind.StreamError, code, "") { Condition = condition }).Action.ToString());

    [Theory]
    [InlineData(400, "LogOutAndArchive")]
    [InlineData(401, "LogOutAndArchive")]
    [InlineData(402, "Wait")]
    [InlineData(403, "LogOutAndArchive")]
    [InlineData(405, "RefreshVersion")]
    [InlineData(406, "LogOutAndArchive")]
    [InlineData(409, "LogOutAndArchive")]
    [InlineData(411, "LogOutAndArchive")]
    [InlineData(415, "LogOutAndArchive")]
    [InlineData(418, "LogOutAndArchive")]
    [InlineData(429, "Wait")]
    [InlineData(500, "Wait")]
    [InlineData(501, "LogOutAndArchive")]
    [InlineData(503, "Wait")]
    public void Login_failures_follow_the_table(int code, string action) =>
        Assert.Equal(action, Decide(new ConnectionEnd(EndKind.LoginFailure, code, "")).Action.ToString());

    [Fact]
    public void Every_kind_of_end_has_a_row()
    {
        foreach (var kind in Enum.GetValues<EndKind>())
            Decide(new ConnectionEnd(kind, 0, ""));
    }

    [Fact]
    public void A_temporary_ban_is_waited_out()
    {
        var node = new Node("failure", new NodeAttributes { { "reason", "402" }, { "code", "101" }, { "expire", "3600" } });
        var decision = Decide(ConnectionEnd.FromFailure(node));
        Assert.Equal(new ReconnectDecision(ReconnectAction.Wait, TimeSpan.FromHours(1)), decision);
    }

    [Fact]
    public void The_version_is_refreshed_only_once() =>
        Assert.Equal(ReconnectAction.Stop, ReconnectPolicy.Decide(new ConnectionEnd(EndKind.LoginFailure, 405, ""), new(0, 0, VersionRefreshed: true), 0).Action);

    [Fact]
    public void Restarts_in_a_row_end_in_a_wait() =>
        Assert.Equal(ReconnectAction.Wait, ReconnectPolicy.Decide(new ConnectionEnd(EndKind.StreamError, 515, ""), new(0, ReconnectPolicy.MostRestarts, false), 0).Action);

    [Fact]
    public void A_full_lane_restarts_as_often_as_it_takes() =>
        Assert.Equal(ReconnectAction.Restart, ReconnectPolicy.Decide(ConnectionEnd.LaneFull, new(0, 100, false), 0).Action);

    [Fact]
    public void Back_off_grows_like_fibonacci_up_to_its_cap()
    {
        Assert.Equal([1, 1, 2, 3, 5, 8], Enumerable.Range(0, 6).Select(i => ReconnectPolicy.BackOff(i, 0).TotalSeconds));
        Assert.Equal(ReconnectPolicy.LongestDelay, ReconnectPolicy.BackOff(1000, 1));
        Assert.Equal(TimeSpan.FromSeconds(0.9), ReconnectPolicy.BackOff(0, -1));
        Assert.Equal(TimeSpan.FromSeconds(1.1), ReconnectPolicy.BackOff(0, 1));
    }

    [Fact]
    public void A_stream_error_without_code_is_known_by_its_child()
    {
        var replaced = new Node("stream:error", null, [new Node("conflict", new NodeAttributes { { "type", "replaced" } })]);
        Assert.Equal(440, ConnectionEnd.FromStreamError(replaced).Code);
        Assert.Equal(500, ConnectionEnd.FromStreamError(new Node("stream:error")).Code);
    }

    private static ReconnectDecision Decide(ConnectionEnd end) => ReconnectPolicy.Decide(end, default, 0);
}
