using Evolution.Storage.Instances;
using Evolution.Storage.Outbox;
using Microsoft.Data.Sqlite;
using static Evolution.Storage.Tests.Outbox.OutboxFixture;

namespace Evolution.Storage.Tests.Outbox;

public sealed class EventOutboxTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_claimed_delivery_carries_what_was_appended()
    {
        await using var fixture = await OpenAsync();
        await fixture.AppendAsync("{\"a\":1}", "chat");
        var delivery = Assert.Single(await fixture.ClaimAsync());
        Assert.Equal("{\"a\":1}", BodyOf(delivery));
        Assert.Equal(
            (Webhook, fixture.Instance, "sales", "chat", "messages.upsert", 1, "trace-1"),
            (delivery.Subscriber, delivery.InstanceId, delivery.InstanceName, delivery.Lane, delivery.Name, delivery.Attempt, delivery.Trace));
        Assert.Equal(fixture.Clock.GetUtcNow(), delivery.CreatedAt);
        Assert.True(Guid.TryParse(delivery.EventId, out _));
    }

    [Fact]
    public async Task Only_the_head_of_a_lane_is_handed_out()
    {
        await using var fixture = await OpenAsync();
        for (var i = 0; i < 3; i++)
        {
            await fixture.AppendAsync("a" + i, "a");
            await fixture.AppendAsync("b" + i, "b");
        }

        for (var i = 0; i < 3; i++)
        {
            var heads = await fixture.ClaimAsync();
            Assert.Equal(["a" + i, "b" + i], heads.Select(BodyOf).Order());
            foreach (var head in heads)
                await fixture.Outbox.CompleteAsync(head, Ct);
        }

        Assert.Equal(0, await fixture.CountAsync("deliveries"));
        Assert.Equal(0, await fixture.CountAsync("events"));
    }

    [Fact]
    public async Task A_retry_blocks_only_its_own_lane_until_it_is_due()
    {
        await using var fixture = await OpenAsync();
        await fixture.AppendAsync("a0", "a");
        var failed = Assert.Single(await fixture.ClaimAsync());
        await fixture.Outbox.RescheduleAsync(failed, fixture.Clock.GetUtcNow().AddSeconds(5), "503", Ct);
        await fixture.AppendAsync("a1", "a");
        await fixture.AppendAsync("b0", "b");
        Assert.Equal(["b0"], (await fixture.ClaimAsync()).Select(BodyOf));
        await fixture.AssertNothingToClaimAsync();

        fixture.Clock.Advance(TimeSpan.FromSeconds(5));
        var again = Assert.Single(await fixture.ClaimAsync());
        Assert.Equal(("a0", 2, failed.EventId), (BodyOf(again), again.Attempt, again.EventId));
        await fixture.Outbox.CompleteAsync(again, Ct);
        Assert.Equal(["a1"], (await fixture.ClaimAsync()).Select(BodyOf));
    }

    [Fact]
    public async Task A_waiting_claim_comes_back_when_a_retry_is_due()
    {
        await using var fixture = await OpenAsync();
        await fixture.AppendAsync("a0", "a");
        var failed = Assert.Single(await fixture.ClaimAsync());
        await fixture.Outbox.RescheduleAsync(failed, fixture.Clock.GetUtcNow().AddMinutes(1), "503", Ct);
        await fixture.AssertNothingToClaimAsync();
        var claim = fixture.ClaimAsync();
        while (!claim.IsCompleted)
        {
            fixture.Clock.Advance(TimeSpan.FromSeconds(30));
            await Task.Yield();
        }

        Assert.Equal(2, Assert.Single(await claim).Attempt);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_holds_up_neither_a_retry_nor_a_resting_receiver()
    {
        await using var fixture = await OpenAsync();
        await fixture.AppendAsync("a0", "a");
        var failed = Assert.Single(await fixture.ClaimAsync());
        await fixture.Outbox.RescheduleAsync(failed, fixture.Clock.GetUtcNow().AddMinutes(5), "503", Ct);
        fixture.Outbox.Pause(Webhook, fixture.Instance, fixture.Clock.GetUtcNow().AddSeconds(30));
        await fixture.AssertNothingToClaimAsync();

        fixture.Clock.AdjustTime(fixture.Clock.GetUtcNow().AddHours(-3));
        Assert.Equal(2, Assert.Single(await fixture.ClaimAsync()).Attempt);
    }

    [Fact]
    public async Task A_clock_that_was_set_back_while_the_program_was_stopped_holds_up_no_retry()
    {
        await using var fixture = await OpenAsync();
        await fixture.AppendAsync("a0", "a");
        var failed = Assert.Single(await fixture.ClaimAsync());
        await fixture.Outbox.RescheduleAsync(failed, fixture.Clock.GetUtcNow().AddMinutes(5), "503", Ct);
        fixture.Clock.AdjustTime(fixture.Clock.GetUtcNow().AddHours(-3));
        await fixture.ReopenAsync();

        Assert.Equal(2, Assert.Single(await fixture.ClaimAsync()).Attempt);
    }

    [Fact]
    public async Task At_most_sixteen_are_under_way_per_subscriber_and_instance()
    {
        await using var fixture = await OpenAsync();
        for (var i = 0; i < 20; i++)
            await fixture.AppendAsync("e", "chat" + i, Webhook, "global");
        var claimed = await fixture.ClaimAsync();
        Assert.Equal([16, 16], claimed.GroupBy(d => d.Subscriber).Select(g => g.Count()));
        await fixture.Outbox.CompleteAsync(claimed[0], Ct);
        Assert.Single(await fixture.ClaimAsync());
    }

    [Fact]
    public async Task A_delivery_given_up_becomes_a_dead_letter_and_its_lane_goes_on()
    {
        await using var fixture = await OpenAsync();
        await fixture.AppendAsync("a0", "a");
        await fixture.AppendAsync("a1", "a");
        var head = Assert.Single(await fixture.ClaimAsync());
        await fixture.Outbox.DeadLetterAsync(head, "404", Ct);
        Assert.Equal(["a1"], (await fixture.ClaimAsync()).Select(BodyOf));

        var letters = new DeadLetters(fixture.Storage.Database);
        var letter = Assert.Single(await letters.ListAsync(fixture.Instance, null, 10, Ct));
        Assert.Equal((head.EventId, "404", 1, "a"), (letter.EventId, letter.LastError, letter.Attempts, letter.Lane));
        Assert.Equal("a0"u8.ToArray(), letter.Body);
        Assert.Empty(await letters.ListAsync("another", null, 10, Ct));
    }

    [Fact]
    public async Task A_dead_letter_put_back_is_delivered_again_also_behind_a_busy_head()
    {
        await using var fixture = await OpenAsync();
        for (var i = 0; i < 3; i++)
            await fixture.AppendAsync("a" + i, "a");
        await fixture.Outbox.DeadLetterAsync(Assert.Single(await fixture.ClaimAsync()), "404", Ct);
        var busy = Assert.Single(await fixture.ClaimAsync());
        var letters = new DeadLetters(fixture.Storage.Database);
        var id = Assert.Single(await letters.ListAsync(fixture.Instance, null, 10, Ct)).Id;
        Assert.Equal(0, await letters.RequeueAsync("another", [id], Ct));
        Assert.Equal(1, await letters.RequeueAsync(fixture.Instance, [id, 999], Ct));
        Assert.Empty(await letters.ListAsync(fixture.Instance, null, 10, Ct));

        await fixture.Outbox.CompleteAsync(busy, Ct);
        var seen = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var delivery = Assert.Single(await fixture.ClaimAsync());
            seen.Add(BodyOf(delivery));
            await fixture.Outbox.CompleteAsync(delivery, Ct);
        }

        Assert.Equal(["a0", "a2"], seen);
        Assert.Equal(0, await fixture.CountAsync("events"));
    }

    [Fact]
    public async Task More_lanes_and_deliveries_than_memory_holds_all_arrive_in_order()
    {
        await using var fixture = await OpenAsync(new OutboxOptions { MaxLanes = 4 });
        for (var i = 0; i < 40; i++)
        {
            await fixture.Rows.CommitAsync(
                fixture.Instance, [.. Enumerable.Range(0, 12).Select(lane => Event($"{lane:00}:{i:00}", "chat" + lane))], Ct);
        }

        var seen = new List<string>();
        while (seen.Count < 12 * 40)
        {
            foreach (var delivery in await fixture.ClaimAsync())
            {
                seen.Add(BodyOf(delivery));
                await fixture.Outbox.CompleteAsync(delivery, Ct);
            }
        }

        foreach (var lane in seen.GroupBy(body => body[..2]))
            Assert.Equal(Enumerable.Range(0, 40).Select(i => $"{lane.Key}:{i:00}"), lane);
        Assert.Equal(0, await fixture.CountAsync("deliveries"));
    }

    [Fact]
    public async Task A_long_lane_is_read_from_disk_piece_by_piece()
    {
        await using var fixture = await OpenAsync();
        await fixture.Rows.CommitAsync(fixture.Instance, [.. Enumerable.Range(0, 60).Select(i => Event(i.ToString("00"), "a"))], Ct);
        for (var i = 0; i < 60; i++)
        {
            var delivery = Assert.Single(await fixture.ClaimAsync());
            Assert.Equal(i.ToString("00"), BodyOf(delivery));
            await fixture.Outbox.CompleteAsync(delivery, Ct);
        }

        Assert.Equal(0, await fixture.CountAsync("deliveries"));
    }

    [Fact]
    public async Task A_lane_that_waits_on_disk_is_not_overtaken_by_its_own_later_events()
    {
        await using var fixture = await OpenAsync(new OutboxOptions { MaxLanes = 4 });
        for (var i = 0; i < 5; i++)
            await fixture.AppendAsync("first", "chat" + i);
        await fixture.Outbox.CompleteAsync(Assert.Single(await fixture.ClaimAsync(max: 1)), Ct);
        await fixture.AppendAsync("second", "chat4");
        var ofLane = new List<string>();
        while (ofLane.Count < 2)
        {
            foreach (var delivery in await fixture.ClaimAsync())
            {
                if (delivery.Lane == "chat4")
                    ofLane.Add(BodyOf(delivery));
                await fixture.Outbox.CompleteAsync(delivery, Ct);
            }
        }

        Assert.Equal(["first", "second"], ofLane);
    }

    [Fact]
    public async Task An_outcome_the_database_refuses_is_written_as_soon_as_it_can_be()
    {
        await using var fixture = await OpenAsync();
        await fixture.AppendAsync("a0", "a");
        await fixture.AppendAsync("a1", "a");
        var head = Assert.Single(await fixture.ClaimAsync());
        await using var other = new SqliteConnection($"Data Source={fixture.Storage.Path};Pooling=False");
        await other.OpenAsync(Ct);
        await using var command = other.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        await command.ExecuteNonQueryAsync(Ct);

        var failures = fixture.Storage.Database.Statistics.FailedCommits;
        var complete = fixture.Outbox.CompleteAsync(head, Ct);
        while (fixture.Storage.Database.Statistics.FailedCommits == failures)
            await Task.Yield();
        Assert.False(complete.IsCompleted);
        command.CommandText = "ROLLBACK";
        await command.ExecuteNonQueryAsync(Ct);
        while (!complete.IsCompleted)
        {
            fixture.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await complete;
        Assert.Equal(["a1"], (await fixture.ClaimAsync()).Select(BodyOf));
    }

    [Fact]
    public async Task A_paused_group_waits_and_others_go()
    {
        await using var fixture = await OpenAsync();
        await fixture.AppendAsync("one", "a", Webhook, "global");
        fixture.Outbox.Pause(Webhook, fixture.Instance, fixture.Clock.GetUtcNow().AddSeconds(30));
        Assert.Equal("global", Assert.Single(await fixture.ClaimAsync()).Subscriber);
        await fixture.AssertNothingToClaimAsync();
        fixture.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(Webhook, Assert.Single(await fixture.ClaimAsync()).Subscriber);
    }

    [Fact]
    public async Task A_deleted_instance_gets_nothing_more_but_others_hear_of_its_end()
    {
        await using var fixture = await OpenAsync();
        await fixture.AppendAsync("old", "a", Webhook);
        var underWay = Assert.Single(await fixture.ClaimAsync());
        await fixture.AppendAsync("later", "a", Webhook);
        var deleted = await new InstanceStore(fixture.Storage.Database).DeleteAsync(
            fixture.Instance, [Webhook], [Event("farewell", string.Empty, "global")], Ct);
        Assert.True(deleted);
        Assert.Equal(["farewell"], (await fixture.ClaimAsync()).Select(BodyOf));
        await fixture.Outbox.CompleteAsync(underWay, Ct);
        await fixture.AssertNothingToClaimAsync();
        Assert.Equal(1, await fixture.CountAsync("events"));
    }

    [Fact]
    public async Task Old_dead_letters_go_with_their_events()
    {
        await using var fixture = await OpenAsync();
        await fixture.AppendAsync("a0", "a", Webhook, "global");
        foreach (var delivery in await fixture.ClaimAsync())
            await fixture.Outbox.DeadLetterAsync(delivery, "gone", Ct);
        var letters = new DeadLetters(fixture.Storage.Database);
        fixture.Clock.Advance(TimeSpan.FromDays(29));
        await new Retention(fixture.Storage.Database, letters).RunAsync(Ct);
        Assert.Equal(2, await fixture.CountAsync("dead_letters"));
        fixture.Clock.Advance(TimeSpan.FromDays(2));
        await new Retention(fixture.Storage.Database, letters).RunAsync(Ct);
        Assert.Equal(0, await fixture.CountAsync("dead_letters"));
        Assert.Equal(0, await fixture.CountAsync("events"));
    }
}
