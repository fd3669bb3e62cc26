using Microsoft.Data.Sqlite;

namespace Evolution.Simulator.Store;

internal static class RowExtensions
{
    public static byte[] Bytes(this SqliteDataReader row, int column) => row.GetFieldValue<byte[]>(column);
}
