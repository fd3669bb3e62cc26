using Evolution.Storage.Database;
using Evolution.Storage.Dialects;
using FluentMigrator.Runner;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Evolution.Storage.Migrations;

/// <summary>Brings a database to the schema this release knows.</summary>
internal static class Schema
{
    /// <summary>The newest migration's number.</summary>
    public const long Version = HistoryMessages.Number;

    /// <summary>Applies what is missing; the migration engine is only loaded when something is, since loading it is a large part of a start.</summary>
    public static void Update(SqliteDatabaseOptions options, ILogger logger)
    {
        CreateFile(options.Path);
        try
        {
            var found = FoundVersion(options);
            if (found > Version)
                throw new NewerSchemaException(found, Version);
            if (found < Version)
            {
                logger.Migrating(found, Version);
                Migrate(options.Path);
            }
        }
        catch (Exception e) when (SqliteDialect.FailureOf(e) is { } failure)
        {
            throw new StorageUnavailableException(failure, e);
        }
    }

    private static void CreateFile(string path)
    {
        try
        {
            var open = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite };
            if (!OperatingSystem.IsWindows())
                open.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var file = new FileStream(path, open);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageUnavailableException(StorageFailure.Unreadable, e);
        }
    }

    private static long FoundVersion(SqliteDatabaseOptions options)
    {
        using var sql = new SqlSession(SqliteDialect.OpenWriter(options.Path, options.BusyTimeout));
        var isVersioned = sql.Scalar("SELECT name FROM pragma_table_info('VersionInfo') WHERE name = 'Version'") is not null;
        if (isVersioned && sql.Scalar("SELECT MAX(Version) FROM VersionInfo") is long version)
            return version;
        // A first migration that was broken off leaves the list of versions and nothing else.
        var tables = sql.Query("SELECT name FROM sqlite_master WHERE type = 'table'", row => row.GetString(0));
        return tables.TrueForAll(table => isVersioned && table == "VersionInfo") ? 0 : throw new ForeignSchemaException();
    }

    private static void Migrate(string path)
    {
        using var services = new ServiceCollection()
            .AddFluentMigratorCore()
            .ConfigureRunner(runner => runner
                .AddSQLite()
                .WithGlobalConnectionString(SqliteDialect.ConnectionString(path))
                .ScanIn(typeof(Schema).Assembly).For.Migrations())
            .BuildServiceProvider();
        using var scope = services.CreateScope();
        scope.ServiceProvider.GetRequiredService<IMigrationRunner>().MigrateUp();
    }
}
