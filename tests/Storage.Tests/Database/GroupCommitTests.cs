using Microsoft.Data.Sqlite;

namespace Evolution.Storage.Tests.Database;

public sealed class GroupCommitTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_failing_set_leaves_nothing_and_harms_no_other()
    {
        await using var fixture = await StorageFixture.OpenAsync();
        await CreateTableAsync(fixture);
        using var busy = await BusyWriter.StartAsync(fixture.Database);

        var before = Insert(fixture, 1);
        var bad = fixture.Database.WriteAsync(
            t =>
            {
                t.Sql.Execute("INSERT INTO t (id) VALUES (@1)", 2L);
                t.Sql.Execute("INSERT INTO t (id) VALUES (@1)", 2L);
            },
            Ct);
        var after = Insert(fixture, 3);
        await busy.EndAsync();
        await before;
        await after;
        var e = await Assert.ThrowsAsync<SqliteException>(() => bad);
        Assert.Equal(19, e.SqliteErrorCode);
        Assert.Equal([1, 3], await IdsAsync(fixture));
        Assert.Equal(3, fixture.Database.Statistics.Commits);
    }

    [Fact]
    public async Task Actions_of_a_failing_set_are_not_run_after_the_commit()
    {
        await using var fixture = await StorageFixture.OpenAsync();
        var ran = new List<string>();
        using var busy = await BusyWriter.StartAsync(fixture.Database);
        var bad = fixture.Database.WriteAsync(
            t =>
            {
                t.AfterCommit(() => ran.Add("bad"));
                throw new InvalidOperationException("no");
            },
            Ct);
        var good = fixture.Database.WriteAsync(t => t.AfterCommit(() => ran.Add("good")), Ct);
        await busy.EndAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => bad);
        await good;
        Assert.Equal(["good"], ran);
    }

    [Fact]
    public async Task Sets_that_wait_together_share_one_commit()
    {
        await using var fixture = await StorageFixture.OpenAsync();
        await CreateTableAsync(fixture);
        using var busy = await BusyWriter.StartAsync(fixture.Database);
        var sets = Enumerable.Range(1, 100).Select(i => Insert(fixture, i)).ToArray();
        var commits = fixture.Database.Statistics.Commits;
        await busy.EndAsync();
        await Task.WhenAll(sets);
        Assert.Equal(commits + 2, fixture.Database.Statistics.Commits);
    }

    [Fact]
    [Trait("Part", "budgets")]
    public async Task A_thousand_sets_a_second_share_flushes_by_eight_or_more()
    {
        await using var fixture = await StorageFixture.OpenAsync();
        await CreateTableAsync(fixture);
        var start = TimeProvider.System.GetTimestamp();
        var sets = new List<Task>();
        var before = fixture.Database.Statistics;
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (sets.Count < 2000 && await timer.WaitForNextTickAsync(Ct))
        {
            var due = TimeProvider.System.GetElapsedTime(start).TotalSeconds * 1000;
            while (sets.Count < Math.Min(due, 2000))
                sets.Add(Insert(fixture, sets.Count));
        }

        await Task.WhenAll(sets);
        var after = fixture.Database.Statistics;
        var ratio = (after.Sets - before.Sets) / (double)(after.Commits - before.Commits);
        TestContext.Current.TestOutputHelper?.WriteLine($"{ratio:F1} sets per flush");
        Assert.True(ratio >= 8, $"{ratio:F1} sets per flush");
    }

    [Fact]
    public async Task A_set_given_up_while_it_waits_is_never_applied()
    {
        await using var fixture = await StorageFixture.OpenAsync();
        await CreateTableAsync(fixture);
        using var giveUp = new CancellationTokenSource();
        using var busy = await BusyWriter.StartAsync(fixture.Database);
        var set = fixture.Database.WriteAsync(t => t.Sql.Execute("INSERT INTO t (id) VALUES (@1)", 1L), giveUp.Token);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => set);
        await busy.EndAsync();
        await Insert(fixture, 2);
        Assert.Equal([2], await IdsAsync(fixture));
    }

    [Fact]
    public async Task A_full_database_refuses_whole_sets_and_recovers_by_itself()
    {
        await using var fixture = await StorageFixture.OpenAsync();
        await CreateTableAsync(fixture);
        fixture.Database.MaxPages = 1;
        var big = new byte[200_000];

        var sets = Enumerable.Range(1, 5).Select(i => fixture.Database.WriteAsync(
            t =>
            {
                t.Sql.Execute("INSERT INTO t (id) VALUES (@1)", (long)i);
                t.Sql.Execute("UPDATE t SET body = @2 WHERE id = @1", (long)i, big);
            },
            Ct)).ToArray();
        foreach (var set in sets)
        {
            var e = await Assert.ThrowsAsync<StorageUnavailableException>(() => set);
            Assert.Equal(StorageFailure.Full, e.Failure);
        }

        Assert.Empty(await IdsAsync(fixture));

        fixture.Database.MaxPages = null;
        await fixture.Database.WriteAsync(t => t.Sql.Execute("INSERT INTO t (id, body) VALUES (@1, @2)", 9L, big), Ct);
        Assert.Equal([9], await IdsAsync(fixture));
    }

    [Fact]
    public async Task A_disk_error_in_one_set_undoes_the_transaction_and_the_next_one_succeeds()
    {
        await using var fixture = await StorageFixture.OpenAsync();
        await CreateTableAsync(fixture);
        using var busy = await BusyWriter.StartAsync(fixture.Database);
        var before = Insert(fixture, 1);
        var broken = fixture.Database.WriteAsync(_ => throw new SqliteException("disk I/O error", 10), Ct);
        await busy.EndAsync();

        foreach (var set in new[] { before, broken })
            Assert.Equal(StorageFailure.Unreadable, (await Assert.ThrowsAsync<StorageUnavailableException>(() => set)).Failure);
        await Insert(fixture, 2);
        Assert.Equal([2], await IdsAsync(fixture));
    }

    [Fact]
    public async Task A_second_writer_makes_sets_fail_until_it_lets_go()
    {
        await using var fixture = await StorageFixture.OpenAsync();
        await CreateTableAsync(fixture);
        await using var other = new SqliteConnection($"Data Source={fixture.Path};Pooling=False");
        await other.OpenAsync(Ct);
        await RunAsync(other, "BEGIN IMMEDIATE");

        var e = await Assert.ThrowsAsync<StorageUnavailableException>(() => Insert(fixture, 1));
        Assert.Equal(StorageFailure.Locked, e.Failure);
        Assert.True(await fixture.Database.IsReadableAsync(Ct));

        await RunAsync(other, "ROLLBACK");
        await Insert(fixture, 2);
        Assert.Equal([2], await IdsAsync(fixture));
    }

    [Fact]
    public async Task A_process_that_is_about_to_end_waits_for_a_locked_database_once_and_the_next_one_finds_it_as_it_was()
    {
        await using var fixture = await StorageFixture.OpenAsync();
        await CreateTableAsync(fixture);
        await using var other = new SqliteConnection($"Data Source={fixture.Path};Pooling=False");
        await other.OpenAsync(Ct);
        await RunAsync(other, "BEGIN IMMEDIATE");
        fixture.Database.Hurry();

        await Assert.ThrowsAsync<StorageUnavailableException>(() => Insert(fixture, 1));
        await RunAsync(other, "ROLLBACK");

        // It could be written by now: that it is refused shows that nobody waited for it.
        var refused = await Assert.ThrowsAsync<StorageUnavailableException>(() => Insert(fixture, 2));
        Assert.Equal(StorageFailure.Locked, refused.Failure);
        await fixture.ReopenAsync();
        Assert.Empty(await IdsAsync(fixture));
        await Insert(fixture, 3);
    }

    [Fact]
    public async Task A_process_that_is_about_to_end_writes_as_long_as_the_database_takes_it()
    {
        await using var fixture = await StorageFixture.OpenAsync();
        await CreateTableAsync(fixture);

        fixture.Database.Hurry();
        await Insert(fixture, 1);
        await Insert(fixture, 2);

        Assert.Equal([1, 2], await IdsAsync(fixture));
    }

    [Fact]
    public async Task Closing_writes_what_waits_and_refuses_what_comes_later()
    {
        await using var fixture = await StorageFixture.OpenAsync();
        await CreateTableAsync(fixture);
        var sets = Enumerable.Range(1, 50).Select(i => Insert(fixture, i)).ToArray();
        var database = fixture.Database;
        await database.DisposeAsync();
        await Task.WhenAll(sets);
        var e = await Assert.ThrowsAsync<StorageUnavailableException>(() => Insert(fixture, 99));
        Assert.Equal(StorageFailure.Closed, e.Failure);
        await fixture.ReopenAsync();
        Assert.Equal(50, (await IdsAsync(fixture)).Count);
    }

    [Fact]
    public async Task Commits_are_flushed_and_logged_ahead()
    {
        await using var fixture = await StorageFixture.OpenAsync();
        var pragmas = await fixture.Database.WriteAsync(
            t => (t.Sql.Scalar("PRAGMA synchronous"), t.Sql.Scalar("PRAGMA journal_mode"), t.Sql.Scalar("PRAGMA foreign_keys")), Ct);
        Assert.Equal((2L, "wal", 1L), pragmas);
    }

    private static Task CreateTableAsync(StorageFixture fixture) =>
        fixture.Database.WriteAsync(t => t.Sql.Execute("CREATE TABLE t (id INTEGER NOT NULL PRIMARY KEY, body BLOB)"), Ct);

    private static Task Insert(StorageFixture fixture, long id) =>
        fixture.Database.WriteAsync(t => t.Sql.Execute("INSERT INTO t (id) VALUES (@1)", id), Ct);

    private static async Task<List<long>> IdsAsync(StorageFixture fixture) =>
        await fixture.Database.ReadAsync(sql => sql.Query("SELECT id FROM t ORDER BY id", r => r.GetInt64(0)), Ct);

    private static async Task RunAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Ct);
    }
}
