using System.Diagnostics.Metrics;

namespace Evolution.Storage.Database;

/// <summary>The meter <c>Evolution.Storage</c>.</summary>
internal static class StorageMetrics
{
    private static readonly Meter Meter = new("Evolution.Storage");

    public static readonly Counter<long> Commits =
        Meter.CreateCounter<long>("evolution.storage.commits", "{commit}", "Transactions committed, one flush to the disk each");

    public static readonly Counter<long> Sets =
        Meter.CreateCounter<long>("evolution.storage.sets", "{set}", "Write sets committed");

    public static readonly Counter<long> FailedCommits =
        Meter.CreateCounter<long>("evolution.storage.failed_commits", "{commit}", "Transactions lost because the database was unavailable");

    public static readonly Histogram<long> SetsPerCommit =
        Meter.CreateHistogram<long>("evolution.storage.sets_per_commit", "{set}", "Write sets that shared one flush");

    public static readonly Histogram<double> CommitDuration =
        Meter.CreateHistogram<double>("evolution.storage.commit_duration", "s", "Time from the begin to the end of a transaction");
}
