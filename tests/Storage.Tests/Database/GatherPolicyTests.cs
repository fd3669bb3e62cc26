using Evolution.Storage.Database;

namespace Evolution.Storage.Tests.Database;

public sealed class GatherPolicyTests
{
    [Fact]
    public void Few_sets_never_wait()
    {
        var policy = new GatherPolicy();
        for (var i = 0; i < 1000; i++)
        {
            policy.Committed(1, TimeSpan.FromMilliseconds(10), waited: false);
            Assert.False(policy.IsWorthWaiting);
        }
    }

    [Fact]
    public void Many_sets_wait_until_enough_are_there_or_the_time_is_up()
    {
        var policy = new GatherPolicy();
        for (var i = 0; i < 500; i++)
            policy.Committed(1, TimeSpan.FromMilliseconds(1), waited: false);
        Assert.True(policy.IsWorthWaiting);
        Assert.True(policy.NextWait(1, TimeSpan.Zero) > TimeSpan.Zero);
        Assert.Equal(TimeSpan.Zero, policy.NextWait(GatherPolicy.Target, TimeSpan.Zero));
        Assert.Equal(TimeSpan.Zero, policy.NextWait(1, GatherPolicy.MaxDelay));
        Assert.True(policy.NextWait(1, GatherPolicy.MaxDelay - TimeSpan.FromMilliseconds(1)) <= TimeSpan.FromMilliseconds(1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Callers_that_wait_for_their_own_commits_are_hardly_ever_made_to_wait_for_others(int gained)
    {
        var policy = new GatherPolicy();
        var waits = 0;
        for (var i = 0; i < 1600; i++)
        {
            var waited = policy.IsWorthWaiting;
            if (waited)
            {
                waits++;
                policy.Waited(gained, before: 1);
            }

            policy.Committed(1, TimeSpan.FromMilliseconds(1), waited);
        }

        Assert.InRange(waits, 1, 120);
    }
}
