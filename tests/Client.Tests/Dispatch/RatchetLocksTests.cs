using Evolution.Client.Dispatch;
using Evolution.Protocol.Jids;
using Xunit;

namespace Evolution.Client.Tests.Dispatch;

public sealed class RatchetLocksTests
{
    private static readonly RatchetKey A = RatchetKey.Session(Jid.ForLid("1"));
    private static readonly RatchetKey B = RatchetKey.Session(Jid.ForLid("2"));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Locks_wait_for_each_other_whatever_order_they_are_named_in()
    {
        var locks = new RatchetLocks();
        var first = await locks.AcquireAsync([A, B], Ct);
        var second = locks.AcquireAsync([B, A], Ct).AsTask();
        Assert.False(second.IsCompleted);
        Assert.Null(locks.TryAcquire([B]));
        first.Dispose();
        (await second.WaitAsync(TimeSpan.FromSeconds(5), Ct)).Dispose();
        locks.TryAcquire([A, B])!.Dispose();
    }

    [Fact]
    public async Task A_cancelled_wait_leaves_no_lock_behind()
    {
        var locks = new RatchetLocks();
        var holder = await locks.AcquireAsync([B], Ct);
        using var cancel = new CancellationTokenSource();
        var waiting = locks.AcquireAsync([A, B], cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        locks.TryAcquire([A])!.Dispose();
        holder.Dispose();
        locks.TryAcquire([A, B])!.Dispose();
    }

    [Fact]
    public async Task A_batch_commits_what_it_holds_before_it_waits_for_more()
    {
        var locks = new RatchetLocks();
        var other = await locks.AcquireAsync([B], Ct);
        var commits = 0;
        var scope = new RatchetScope(locks, _ =>
        {
            commits++;
            return ValueTask.CompletedTask;
        });
        await scope.LockAsync([A], Ct);
        await scope.LockAsync([A], Ct);
        Assert.Equal(0, commits);
        var more = scope.LockAsync([A, B], Ct).AsTask();
        Assert.Equal(1, commits);
        Assert.False(more.IsCompleted);
        other.Dispose();
        await more.WaitAsync(TimeSpan.FromSeconds(5), Ct);
        Assert.Null(locks.TryAcquire([A]));
        scope.Release();
        locks.TryAcquire([A, B])!.Dispose();
    }
}
