using Evolution.Client.Stores;
using Evolution.Storage.Database;
using Evolution.Storage.Instances;
using Evolution.Storage.Messages;

namespace Evolution.Storage.Devices;

/// <summary>
/// The device of one instance, as its present owner sees it. Every write checks the owner's number inside its transaction. Attached writes may be
/// those of this assembly: <see cref="InsertMessage"/>, <see cref="UpdateMessageStatus"/>, <see cref="UpsertChat"/>, <see cref="UpsertContact"/>,
/// <see cref="ConnectionUpdate"/> and <see cref="Outbox.AppendEvent"/>.
/// </summary>
public sealed partial class SqliteDeviceStore : IDeviceStore
{
    private readonly SqliteDatabase database;
    private readonly InstanceFence fence;
    private readonly string instance;

    /// <summary>The device of the instance that <paramref name="fence"/> gives the right to.</summary>
    public SqliteDeviceStore(SqliteDatabase database, InstanceFence fence)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(fence);
        this.database = database;
        this.fence = fence;
        instance = fence.InstanceId;
    }

    /// <inheritdoc/>
    public async ValueTask CommitAsync(DeviceWriteSet writes, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(writes);
        AttachedRows.Check(writes.Attached);
        var now = database.Now();
        var statements = new DeviceStatements(instance, writes, now);
        (string Phone, string Lid)[] mappings = [.. writes.AddressMappings.Select(m => (m.Phone.ToUser().ToString(), m.Lid.ToUser().ToString()))];
        IAttachedWrite[] attached = [.. writes.Attached];
        await database.WriteAsync(
            transaction =>
            {
                InstanceOwnership.Check(transaction, fence);
                statements.Run(transaction.Sql);
                foreach (var (phone, lid) in mappings)
                    AddressMapRows.Learn(transaction.Sql, instance, phone, lid);
                AttachedRows.Apply(transaction, instance, attached, now);
            },
            ct).ConfigureAwait(false);
    }
}
