namespace Evolution.Simulator.Store;

/// <summary>What one step changes: rows that commit together, and what happens once they are safe.</summary>
internal sealed class Writes
{
    internal readonly record struct Row(string Sql, object?[] Values);

    private readonly List<Row> _rows = [];
    private readonly List<Action> _afterCommit = [];

    public IReadOnlyList<Row> Rows => _rows;

    public IReadOnlyList<Action> Actions => _afterCommit;

    /// <summary>A statement with the parameters ?1, ?2, …</summary>
    public void Add(string sql, params object?[] values) => _rows.Add(new Row(sql, values));

    /// <summary>
    /// Runs on the writer's loop, in commit order over the whole simulator: that order is what keeps two messages of a chat in order.
    /// Must be short, must not wait and must not throw.
    /// </summary>
    public void AfterCommit(Action action) => _afterCommit.Add(action);
}
