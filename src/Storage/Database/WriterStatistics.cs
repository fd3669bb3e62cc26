namespace Evolution.Storage.Database;

/// <summary>What the writer has done since it started.</summary>
/// <param name="Commits">Transactions committed: one flush to the disk each.</param>
/// <param name="Sets">Write sets in them.</param>
/// <param name="FailedCommits">Transactions that failed as a whole because the database was unavailable.</param>
public sealed record WriterStatistics(long Commits, long Sets, long FailedCommits)
{
    /// <summary>Write sets per flush, on average.</summary>
    public double SetsPerCommit => Commits == 0 ? 0 : (double)Sets / Commits;
}
