using System.Globalization;

namespace Evolution.Load;

/// <summary>Messages through one instance: sent over HTTP, and arriving at the webhook.</summary>
internal sealed class MessageMeasurements(Bed bed, Plan plan)
{
    private const int Instance = 0;
    private const int FirstPhone = 500_000;
    private const int Phones = 100;
    private const double Pace = 1000;
    private const string Flushes = "1 instance, 100 phones, all events subscribed, SQLite WAL with a flush per commit (synchronous=FULL)";
    private static readonly TimeSpan ArrivalLimit = TimeSpan.FromSeconds(90);
    private static readonly IReadOnlyList<string> Others = [.. Enumerable.Range(FirstPhone, Phones).Select(SimulatorApi.Number)];
    private readonly TextSending texts = new(bed, Bed.InstanceName(Instance));

    public async Task PrepareAsync()
    {
        foreach (var number in Others)
            await bed.Simulator.MakePhoneAsync(number);
        // Sessions with every phone in both directions, and warm code.
        await ReceiveAsync(plan.Burst / 2, 100_000);
        await texts.SendAsync(16, plan.Sending / 2, Others);
    }

    public async IAsyncEnumerable<Figure> SendingAsync()
    {
        foreach (var connections in (int[])[1, 16, 64])
        {
            yield return new Figure(
                $"sendText over {connections} {(connections == 1 ? "connection" : "connections")}",
                (await texts.SendAsync(connections, plan.Sending, Others)).ToString(),
                connections == 16 ? "≥ 400/s" : "",
                Flushes);
        }
    }

    public async IAsyncEnumerable<Figure> ReceivingAsync()
    {
        var used = bed.GatewayProcessorTime;
        var burst = await ReceiveAsync(plan.Burst, 100_000);
        yield return new Figure(
            "Inbound, as fast as it goes", $"{burst.PerSecond:N0}/s phone → webhook, {Cpu(used, burst.Messages)}", "≥ 1,000/s", $"{plan.Burst:N0} messages; {Doubled(burst)}{Flushes}");
        var before = await bed.Gateway.StorageCountsAsync();
        var paced = await ReceiveAsync(plan.Paced, Pace);
        var after = await bed.Gateway.StorageCountsAsync();
        var offered = string.Create(CultureInfo.InvariantCulture, $"{plan.Paced:N0} messages at {Pace:N0}/s; {Doubled(paced)}");
        yield return new Figure(
            "Inbound, phone → webhook", $"p50 {paced.Milliseconds(0.5):0.0} ms, p99 {paced.Milliseconds(0.99):0.0} ms at {paced.PerSecond:N0}/s", "", offered + Flushes);
        yield return new Figure(
            "Commits per flush", $"{(after.Sets - before.Sets) / (after.Flushes - before.Flushes):0.0}", "≥ 8", $"{offered}{after.Flushes - before.Flushes:N0} flushes, {after.Sets - before.Sets:N0} commits of messages and deliveries");
    }

    private string Cpu(TimeSpan before, int messages) => $"{(bed.GatewayProcessorTime - before).TotalMilliseconds / messages:0.00} ms gateway CPU each";

    private static string Doubled(Arrivals arrivals) => arrivals.Doubled == 0 ? "each arrived once; " : $"{arrivals.Doubled} arrived again; ";

    private async Task<Arrivals> ReceiveAsync(int count, double rate)
    {
        bed.Receiver.Clear();
        await bed.Simulator.LoadAsync(Others, SimulatorApi.Number(Instance), rate, count);
        return await bed.Receiver.WaitAsync(count, ArrivalLimit);
    }
}
