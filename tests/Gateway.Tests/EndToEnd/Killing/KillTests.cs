using System.Diagnostics;

namespace Evolution.Gateway.Tests.EndToEnd.Killing;

/// <summary>
/// The gateway process is killed with SIGKILL again and again while messages go both ways. Afterwards nothing is lost, nothing doubled and
/// nothing out of order in its chat, and no ratchet key was used twice (the simulator looks at every one).
/// <para>
/// One repetition is allowed, and only this one: an event whose delivery was answered with 200, but whose completion was not yet committed when
/// the kill came, is delivered once more by the next life, with the same webhook-id, before anything that follows it in its chat.
/// </para>
/// </summary>
[Trait("Part", "kill")]
public sealed class KillTests : IAsyncLifetime
{
    private const int Kills = 20;
    private const int MessagesEachWay = 2000;
    private const int Share = MessagesEachWay / Kills;
    private const int ChatsEachWay = 12;
    private KilledWorld _world = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _world = await KilledWorld.StartAsync(Ct);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact(Timeout = 5 * TestLimit.Ms)]
    public async Task Kills_lose_nothing_double_nothing_and_keep_every_chat_in_order()
    {
        var plan = new KillPlan();
        Say($"KILL_SEED={plan.Seed}");
        var inbound = await ChatsAsync("551188888", _world.InboundAsync);
        var outbound = await ChatsAsync("551177777", _world.OutboundAsync);
        Task[] traffic = [.. inbound.Select(chat => chat.RunAsync(Ct)), .. outbound.Select(chat => chat.RunAsync(Ct))];
        var (gateway, log, accepted) = (_world.Gateway, _world.Log, _world.Accepted);

        var clock = Stopwatch.StartNew();
        for (var kill = 1; kill <= Kills || log.Inbound.Count < MessagesEachWay || accepted.Count < MessagesEachWay; kill++)
        {
            AllowMore(inbound);
            var moment = await plan.WaitAsync(Slower, Share, Ct);
            await gateway.KillAsync();
            Say($"{clock.Elapsed.TotalSeconds,4:0} s  kill {kill,2} {moment}: {SentBy(inbound)} sent in, {log.Inbound.Count} delivered; {accepted.Count} accepted out");
            gateway.Start();
            foreach (var failed in traffic.Where(task => task.IsFaulted))
                await failed;
        }

        await _world.AssertNothingLostAsync(traffic, inbound, outbound, TestContext.Current.CancellationToken);
        Say($"{clock.Elapsed.TotalSeconds,4:0} s  all settled after {gateway.Life} lives; {outbound.Sum(chat => chat.Unanswered.Count)} requests were never answered");
    }

    private static int SentBy(IEnumerable<InboundChat> chats) => chats.Sum(chat => chat.Sent.Count);

    /// <summary>As much more as a kill takes its share of, unless much is waiting already. Neither direction may get far ahead of the other.</summary>
    private void AllowMore(InboundChat[] inbound)
    {
        if (SentBy(inbound) < Math.Min(_world.Log.Inbound.Count, _world.Accepted.Count) + (3 * Share))
            _world.InboundBudget.Allow(Share);
        if (_world.OutboundBudget.Left < 2 * Share)
            _world.OutboundBudget.Allow(Share);
    }

    private Progress Slower => _world.Log.Inbound.Count < _world.Accepted.Count ? _world.Log.Inbound : _world.Accepted;

    private static void Say(string line)
    {
        TestContext.Current.TestOutputHelper!.WriteLine(line);
        TestContext.Current.SendDiagnosticMessage(line);
    }

    /// <summary>Half of them texts to people, a quarter groups, a quarter pictures.</summary>
    private static async Task<T[]> ChatsAsync<T>(string prefix, Func<string, ChatKind, Task<T>> create)
    {
        var chats = new T[ChatsEachWay];
        for (var i = 0; i < chats.Length; i++)
            chats[i] = await create($"{prefix}{i:0000}", (i % 4) switch { 1 => ChatKind.Group, 3 => ChatKind.Image, _ => ChatKind.Text });
        return chats;
    }
}
