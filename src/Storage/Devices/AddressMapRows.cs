using Evolution.Storage.Database;
using Evolution.Storage.Messages;

namespace Evolution.Storage.Devices;

/// <summary>The statements that write the LID↔phone map.</summary>
internal static class AddressMapRows
{
    /// <summary>Stores a pair; a new one also makes one person of the rows kept under the two addresses.</summary>
    public static void Learn(SqlSession sql, string instanceId, string phone, string lid)
    {
        if (sql.Scalar("SELECT lid FROM address_map WHERE instance_id = @1 AND phone = @2", instanceId, phone) as string == lid)
            return;
        sql.Execute("DELETE FROM address_map WHERE instance_id = @1 AND phone = @2", instanceId, phone);
        sql.Execute("DELETE FROM address_map WHERE instance_id = @1 AND lid = @2", instanceId, lid);
        sql.Execute("INSERT INTO address_map (instance_id, phone, lid) VALUES (@1, @2, @3)", instanceId, phone, lid);
        AddressMerge.Apply(sql, instanceId, phone, lid);
    }
}
