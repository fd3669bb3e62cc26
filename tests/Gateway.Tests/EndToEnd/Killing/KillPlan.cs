using System.Globalization;

namespace Evolution.Gateway.Tests.EndToEnd.Killing;

/// <summary>When the next kill comes: somewhere in the start, or in the middle of the traffic. One seed, one sequence of moments.</summary>
internal sealed class KillPlan
{
    private const int LongestStartMs = 1500;
    private const int LongestPauseMs = 25;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly Random _random;

    public KillPlan()
    {
        Seed = int.TryParse(Environment.GetEnvironmentVariable("KILL_SEED"), CultureInfo.InvariantCulture, out var given) ? given : Random.Shared.Next();
        _random = new Random(Seed);
    }

    /// <summary>Set KILL_SEED to get the same moments again.</summary>
    public int Seed { get; }

    /// <summary>Waits for the moment.</summary>
    /// <param name="progress">What gets through.</param>
    /// <param name="average">For how many messages it waits on average, unless the start is the moment.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What the moment was, for the test's output.</returns>
    public async Task<string> WaitAsync(Progress progress, int average, CancellationToken cancellationToken)
    {
        if (_random.Next(4) == 0)
        {
            var start = TimeSpan.FromMilliseconds(_random.NextDouble() * LongestStartMs);
            await Task.Delay(start, cancellationToken);
            return $"{start.TotalMilliseconds:0} ms after the start";
        }

        var (more, pause) = (1 + _random.Next(2 * average), TimeSpan.FromMilliseconds(_random.NextDouble() * LongestPauseMs));
        var reached = await progress.WaitForMoreAsync(more, Patience, cancellationToken);
        await Task.Delay(pause, cancellationToken);
        return reached ? $"after {more} messages" : $"after {Patience.TotalSeconds:0} s with fewer than {more} messages";
    }
}
