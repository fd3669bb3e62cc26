using Evolution.Client.Stores;
using Evolution.Storage.Database;

namespace Evolution.Storage.Instances;

/// <summary>Who may write an instance's device state.</summary>
public sealed class InstanceOwnership(SqliteDatabase database)
{
    /// <summary>Takes the instance over: every earlier owner is refused from now on.</summary>
    /// <exception cref="KeyNotFoundException">There is no such instance.</exception>
    public Task<InstanceFence> AcquireAsync(string instanceId, CancellationToken ct) => database.WriteAsync(
        transaction => transaction.Sql.Scalar("UPDATE instances SET fence = fence + 1 WHERE id = @1 RETURNING fence", instanceId) is long number
            ? new InstanceFence(instanceId, number)
            : throw new KeyNotFoundException($"There is no instance {instanceId}."),
        ct);

    /// <summary>Refuses the transaction of an owner that has lost the instance.</summary>
    /// <exception cref="FencedException">The number is stale, or the instance is gone.</exception>
    internal static void Check(WriteTransaction transaction, InstanceFence fence)
    {
        if (transaction.Sql.Scalar("SELECT fence FROM instances WHERE id = @1", fence.InstanceId) is not long number || number != fence.Number)
            throw new FencedException();
    }
}
