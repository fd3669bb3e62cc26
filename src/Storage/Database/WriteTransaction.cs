using Evolution.Storage.Outbox;

namespace Evolution.Storage.Database;

/// <summary>What a write set sees of the transaction it shares with others.</summary>
internal sealed class WriteTransaction(SqlSession sql, DeliverySchedule? schedule)
{
    private readonly List<Action> afterCommit = [];

    public SqlSession Sql { get; } = sql;

    /// <summary>Who must hear of new deliveries once they are committed; null while nobody delivers.</summary>
    public DeliverySchedule? Schedule { get; } = schedule;

    /// <summary>Runs on the writer's thread once the data is durable, before the caller is told; must be short and must not throw.</summary>
    public void AfterCommit(Action action) => afterCommit.Add(action);

    /// <summary>A place to come back to when a set fails.</summary>
    internal int Mark() => afterCommit.Count;

    /// <summary>Forgets the actions of a set that was rolled back.</summary>
    internal void BackTo(int mark) => afterCommit.RemoveRange(mark, afterCommit.Count - mark);

    internal void RunAfterCommit()
    {
        foreach (var action in afterCommit)
            action();
    }
}
