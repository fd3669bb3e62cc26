namespace Evolution.Load;

/// <summary>What arrived at the webhook receiver.</summary>
/// <param name="Messages">Different messages.</param>
/// <param name="Doubled">Messages that came again.</param>
/// <param name="Requests">Requests of all events.</param>
/// <param name="Took">From the sending of the first to the arrival of the last.</param>
/// <param name="Latencies">From a phone's sending to the receiver, shortest first.</param>
internal sealed record Arrivals(int Messages, int Doubled, long Requests, TimeSpan Took, IReadOnlyList<TimeSpan> Latencies)
{
    public double PerSecond => Messages / Took.TotalSeconds;

    public double Milliseconds(double share) => Latencies[Math.Min(Latencies.Count - 1, (int)(share * Latencies.Count))].TotalMilliseconds;
}
