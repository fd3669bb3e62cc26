using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Evolution.Storage;
using Evolution.Storage.Database;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>A disk that is full and a database that somebody else has locked: nothing is acknowledged, nothing is lost, and it goes on by itself.</summary>
public sealed class StorageTroubleTests : IAsyncLifetime
{
    private const int Messages = 10;
    private readonly FaultyWorld world = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => world.InitializeAsync();

    public ValueTask DisposeAsync() => world.DisposeAsync();

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_full_disk_loses_nothing_and_is_survived_without_a_restart()
    {
        var database = world.Gateway.Services.GetRequiredService<SqliteDatabase>();

        await SurviveAsync(
            StorageFailure.Full,
            () =>
            {
                database.MaxPages = 1;
                return Task.FromResult<Action>(() => database.MaxPages = null);
            });
    }

    [Fact(Timeout = TestLimit.Ms)]
    public Task A_database_that_another_process_has_locked_loses_nothing_and_is_survived_without_a_restart() => SurviveAsync(StorageFailure.Locked, LockAsync);

    [Fact(Timeout = TestLimit.Ms)]
    public Task A_stop_does_not_wait_for_a_locked_database_and_what_could_not_be_noted_is_delivered_again() => StopWhileLockedAsync();

    [Fact(Timeout = TestLimit.Ms)]
    [Trait("Part", "budgets")]
    public async Task A_stop_with_a_locked_database_takes_no_longer_than_a_process_manager_allows() =>
        Assert.InRange((await StopWhileLockedAsync()).TotalSeconds, 0, 5);

    /// <returns>How long the stop took.</returns>
    private async Task<TimeSpan> StopWhileLockedAsync()
    {
        var instance = await world.LinkAsync(Ct);
        await instance.ConverseAsync(Ct);
        var bob = await world.CreatePhoneAsync();
        var events = world.Receiver.Events.Count;
        Action? end = null;
        world.Receiver.BeforeAnswer = async e => end ??= (string?)e["event"] == "messages.upsert" ? await LockAsync() : null;
        var id = await bob.SendTextAsync(instance.Phone.Number, "Delivered, and not noted");
        await world.Receiver.WaitForAsync(e => IsMessage(e, id), events, Ct);
        world.Receiver.BeforeAnswer = null;

        // The lock is still held: a stop that waited for it would never end.
        var started = TimeProvider.System.GetTimestamp();
        await world.Gateway.StopAsync().WaitAsync(TimeSpan.FromMilliseconds(TestLimit.Ms / 2), Ct);
        var took = TimeProvider.System.GetElapsedTime(started);

        end!();
        events = world.Receiver.Events.Count;
        await world.Gateway.StartAsync(Ct);
        await world.Receiver.WaitForAsync(e => IsMessage(e, id), events, Ct);
        await instance.WaitForEventAsync("connection.update open 200", events, Ct);
        await instance.ConverseAsync(Ct);
        return took;
    }

    /// <param name="failure">What the log and the API have to say.</param>
    /// <param name="breakAsync">Makes the trouble, and gives back what ends it.</param>
    private async Task SurviveAsync(StorageFailure failure, Func<Task<Action>> breakAsync)
    {
        var instance = await world.LinkAsync(Ct);
        await instance.ConverseAsync(Ct);
        var bob = await world.CreatePhoneAsync();
        // Only the gateway can confirm what comes now.
        await world.TellSimulatorAsync($"/v1/phones/{instance.Phone.Number}/offline", Ct);
        var events = world.Receiver.Events.Count;
        var logged = world.Log.Entries.Count;

        var end = await breakAsync();
        await AssertRefusedAsync($"/message/sendText/{instance.Name}", new { number = bob.Number, text = Long("out") }, 400, $"Nothing was sent: the database can't be written ({failure})");
        await AssertRefusedAsync($"/webhook/set/{instance.Name}", new { webhook = new { enabled = true, url = Long("http://gateway.example/") } }, 500, new StorageUnavailableException(failure).Message);
        var ids = new List<string>();
        for (var i = 0; i < Messages; i++)
            ids.Add(await bob.SendTextAsync(instance.Phone.Number, Long($"{i}")));
        var tried = logged;
        for (var tries = 0; tries < 2; tries++)
        {
            await instance.WaitUntilWaitingAsync(tried, Ct);
            tried = world.Log.Entries.Count;
            await instance.MoveOnToNextTryAsync(Ct);
        }

        await instance.WaitUntilWaitingAsync(tried, Ct);
        Assert.Equal("the store failed", (string?)(await instance.FetchAsync(Ct))["connection"]!["reason"]);
        Assert.Equal(0, await DeliveredAsync(bob.Number));
        Assert.DoesNotContain(world.Receiver.Events.Skip(events), e => (string?)e["event"] == "messages.upsert");
        Assert.Contains(
            $"({failure})", Assert.Single(world.Log.Entries.Skip(logged), entry => entry.Category == "Evolution.Storage").Text, StringComparison.Ordinal);

        end();
        await instance.MoveOnToNextTryAsync(Ct);
        await world.Receiver.WaitForAsync(e => IsMessage(e, ids[^1]), events, Ct);
        Assert.Equal(ids, world.Receiver.Events.Skip(events).Where(e => (string?)e["event"] == "messages.upsert").Select(e => (string)e["data"]!["key"]!["id"]!));
        await instance.ConverseAsync(Ct);
        Assert.Equal(Messages, await DeliveredAsync(bob.Number));
        Assert.Empty(world.Simulator.World.Violations.Snapshot());
    }

    private async Task<Action> LockAsync()
    {
        var other = new SqliteConnection($"Data Source={world.Gateway.DatabaseFile};Pooling=False");
        await other.OpenAsync(Ct);
        await using var command = other.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        await command.ExecuteNonQueryAsync(Ct);
        return other.Dispose;
    }

    private static bool IsMessage(JsonObject e, string id) => (string?)e["event"] == "messages.upsert" && (string?)e["data"]!["key"]!["id"] == id;

    private async Task AssertRefusedAsync(string path, object body, int status, string message)
    {
        using var answer = await world.Gateway.Http.PostAsJsonAsync(path, body, Ct);
        var text = await answer.Content.ReadAsStringAsync(Ct);
        Assert.True((int)answer.StatusCode == status, text);
        var told = JsonNode.Parse(text)!["response"]!["message"]!;
        Assert.Contains(message, (string)(told is JsonArray list ? list[0] : told)!, StringComparison.Ordinal);
    }

    private async Task<int> DeliveredAsync(string number) =>
        (await world.AskSimulatorAsync($"/v1/phones/{number}/messages", Ct))["messages"]!.AsArray()
            .Count(message => (bool)message!["fromMe"]! && message["receipts"]!["delivered"] is not null);

    // Long enough that no free room inside the file can take it.
    private static string Long(string start) => start + new string('x', 30_000);
}
