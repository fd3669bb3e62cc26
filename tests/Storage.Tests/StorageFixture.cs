using System.Text;
using Evolution.Client.Stores;
using Evolution.Storage.Database;
using Evolution.Storage.Instances;
using Microsoft.Extensions.Logging.Abstractions;

namespace Evolution.Storage.Tests;

/// <summary>A database file of its own for each test, removed afterwards.</summary>
public sealed class StorageFixture : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("storage-tests-").FullName;

    private StorageFixture()
    {
    }

    public SqliteDatabase Database { get; private set; } = null!;

    public string Path => System.IO.Path.Combine(folder, "gateway.db");

    public TimeProvider Time { get; private init; } = TimeProvider.System;

    public SqliteDatabaseOptions Options => new() { Path = Path, BusyTimeout = TimeSpan.FromMilliseconds(100), QueueTimeout = TimeSpan.FromSeconds(5) };

    public static async Task<StorageFixture> OpenAsync(TimeProvider? time = null)
    {
        var fixture = new StorageFixture { Time = time ?? TimeProvider.System };
        await fixture.ReopenAsync();
        return fixture;
    }

    public async Task ReopenAsync()
    {
        if (Database is not null)
            await Database.DisposeAsync();
        Database = await SqliteDatabase.OpenAsync(Options, Time, NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
    }

    public async Task<string> CreateInstanceAsync(string name = "sales")
    {
        var row = new InstanceRow
        {
            Id = Guid.NewGuid().ToString(),
            Name = name,
            Token = name + "-token",
            Integration = "WHATSAPP-BAILEYS",
            ClientName = "evolution",
            ConnectionStatus = "close",
        };
        await new InstanceStore(Database).CreateAsync(row, [], TestContext.Current.CancellationToken);
        return row.Id;
    }

    /// <summary>Writes rows in one transaction, as the instance's owner.</summary>
    public Task WriteAsync(InstanceFence fence, params IAttachedWrite[] rows) => new InstanceRows(Database).CommitAsync(fence, rows, TestContext.Current.CancellationToken);

    /// <summary>The bodies of the events that were stored, in order.</summary>
    public Task<List<string>> EventBodiesAsync() => Database.ReadAsync(
        sql => sql.Query("SELECT body FROM events ORDER BY id", row => Encoding.UTF8.GetString(row.GetFieldValue<byte[]>(0))), TestContext.Current.CancellationToken).AsTask();

    public async Task<InstanceFence> OwnAsync(string? instanceId = null) =>
        await new InstanceOwnership(Database).AcquireAsync(instanceId ?? await CreateInstanceAsync(), TestContext.Current.CancellationToken);

    /// <summary>Rows of all tables, by table; what a test compares before and after.</summary>
    public Task<Dictionary<string, long>> CountRowsAsync() => Database.ReadAsync(
        sql => sql.Query("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'", r => r.GetString(0))
            .ToDictionary(table => table, table => (long)sql.Scalar($"SELECT COUNT(*) FROM {table}")!),
        TestContext.Current.CancellationToken).AsTask();

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
