using System.Text;
using Microsoft.Data.Sqlite;

namespace Evolution.Contract.Tests;

/// <summary>Everything in a database, as text: two equal texts mean that no row has changed.</summary>
internal static class DatabaseRows
{
    public static string Read(string file)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        connection.Open();
        var text = new StringBuilder();
        foreach (var table in Rows(connection, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"))
        {
            text.Append(table).Append('\n');
            foreach (var row in Rows(connection, $"SELECT * FROM \"{table}\" ORDER BY 1, 2"))
                text.Append("  ").Append(row).Append('\n');
        }

        return text.ToString();
    }

    private static List<string> Rows(SqliteConnection connection, string query)
    {
        using var command = connection.CreateCommand();
        command.CommandText = query;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "NULL" : reader.GetValue(i) is byte[] bytes ? Convert.ToHexString(bytes) : reader.GetString(i))));
        return rows;
    }
}
