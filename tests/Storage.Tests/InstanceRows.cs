using Evolution.Client.Stores;
using Evolution.Storage.Database;
using Evolution.Storage.Instances;
using Evolution.Storage.Messages;

namespace Evolution.Storage.Tests;

/// <summary>Writes an instance's rows that come with no device state, such as events of the gateway itself.</summary>
public sealed class InstanceRows(SqliteDatabase database)
{
    /// <summary>Writes the rows in one transaction, whoever owns the instance.</summary>
    /// <exception cref="ArgumentException">A row is of an unknown kind; nothing was written.</exception>
    /// <exception cref="StorageUnavailableException">Nothing was written.</exception>
    public Task CommitAsync(string instanceId, IReadOnlyList<IAttachedWrite> rows, CancellationToken ct)
    {
        AttachedRows.Check(rows);
        var now = database.Now();
        return database.WriteAsync(transaction => AttachedRows.Apply(transaction, instanceId, rows, now), ct);
    }

    /// <summary>Writes the rows in one transaction, as the instance's owner.</summary>
    /// <exception cref="FencedException">Another owner has the instance; nothing was written.</exception>
    /// <exception cref="ArgumentException">A row is of an unknown kind; nothing was written.</exception>
    /// <exception cref="StorageUnavailableException">Nothing was written.</exception>
    public Task CommitAsync(InstanceFence fence, IReadOnlyList<IAttachedWrite> rows, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(fence);
        AttachedRows.Check(rows);
        var now = database.Now();
        return database.WriteAsync(
            transaction =>
            {
                InstanceOwnership.Check(transaction, fence);
                AttachedRows.Apply(transaction, fence.InstanceId, rows, now);
            },
            ct);
    }
}
