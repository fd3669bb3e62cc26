using System.Globalization;

namespace Evolution.Load;

/// <summary>What the gateway costs while nothing happens: the time to start, and memory.</summary>
internal sealed class RestMeasurements(Bed bed, Plan plan)
{
    private const double MiB = 1024 * 1024;
    private double memoryOfOne;

    public async IAsyncEnumerable<Figure> OfOneInstanceAsync()
    {
        var starts = new List<(TimeSpan Took, TimeSpan ProcessorTime)>();
        for (var i = 0; i < plan.Starts; i++)
            starts.Add(await bed.RestartGatewayAsync(withMetrics: false));
        starts.Sort();
        var middle = starts[starts.Count / 2];
        yield return new Figure(
            "exec → `/readyz` 200", $"median {middle.Took.TotalMilliseconds:0} ms ({middle.ProcessorTime.TotalMilliseconds:0} ms CPU), slowest {starts[^1].Took.TotalMilliseconds:0} ms", "< 1,000 ms", $"{plan.Starts} starts, 1 instance, existing data folder");
        await Task.Delay(plan.Idle);
        memoryOfOne = bed.GatewayBytes / MiB;
        yield return new Figure(
            $"Memory after {plan.Idle.TotalSeconds:0} s idle", $"{memoryOfOne:0.0} MiB, {bed.GatewayOwnBytes / MiB:0.0} MiB of it not pages of program files", "≤ 70 MiB", "1 connected instance, no metrics, just started");
    }

    public async IAsyncEnumerable<Figure> OfFleetsAsync()
    {
        foreach (var count in plan.Fleets)
        {
            await bed.LinkUpToAsync(count);
            var start = await bed.RestartGatewayAsync(withMetrics: false);
            await Task.Delay(plan.Idle);
            var all = bed.GatewayBytes / MiB;
            var instances = count.ToString("N0", CultureInfo.InvariantCulture);
            yield return new Figure(
                $"Memory per further idle instance, {instances} instances",
                $"{(all - memoryOfOne) / (count - 1):0.00} MiB ({all:0} MiB in all)",
                "≤ 3 MiB",
                $"{instances} connected instances, {plan.Idle.TotalSeconds:0} s after the last has connected, no metrics; ready after {start.Took.TotalMilliseconds:0} ms; simulator {bed.SimulatorBytes / MiB:0} MiB");
        }
    }
}
