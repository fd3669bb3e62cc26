using System.Diagnostics;

namespace Evolution.Load;

/// <summary>sendText of one instance, as fast as the answers come.</summary>
internal sealed class TextSending(Bed bed, string instance)
{
    /// <param name="connections">Requests that are under way at a time.</param>
    /// <param name="recipients">Numbers or group JIDs, written to in turns.</param>
    public async Task<SentTexts> SendAsync(int connections, TimeSpan span, IReadOnlyList<string> recipients)
    {
        var latencies = new List<double>();
        var used = bed.GatewayProcessorTime;
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(WriteAsync));
        var took = Stopwatch.GetElapsedTime(start);
        latencies.Sort();
        return new SentTexts(latencies, took, bed.GatewayProcessorTime - used);

        async Task WriteAsync(int writer)
        {
            for (var i = writer; Stopwatch.GetElapsedTime(start) < span; i += connections)
            {
                var one = await OneAsync(recipients[i % recipients.Count]);
                lock (latencies)
                    latencies.Add(one.TotalMilliseconds);
            }
        }
    }

    /// <returns>From the request to its answer.</returns>
    public async Task<TimeSpan> OneAsync(string recipient)
    {
        var before = Stopwatch.GetTimestamp();
        await bed.Gateway.SendTextAsync(instance, recipient, "Hello from the load driver");
        return Stopwatch.GetElapsedTime(before);
    }
}

/// <param name="Latencies">Milliseconds from request to answer, shortest first.</param>
internal sealed record SentTexts(IReadOnlyList<double> Latencies, TimeSpan Took, TimeSpan GatewayProcessorTime)
{
    public override string ToString() =>
        $"{Latencies.Count / Took.TotalSeconds:0}/s, p50 {At(0.5):0.0} ms, p99 {At(0.99):0.0} ms, {GatewayProcessorTime.TotalMilliseconds / Latencies.Count:0.00} ms gateway CPU each";

    private double At(double share) => Latencies[(int)(Latencies.Count * share)];
}
