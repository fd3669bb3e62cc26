using Evolution.Storage.Database;
using Evolution.Storage.Messages;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Evolution.Storage.Tests.Database;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class SchemaTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_file_is_readable_by_its_owner_only()
    {
        await using var fixture = await StorageFixture.OpenAsync();
        await fixture.CreateInstanceAsync();
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(fixture.Path)!))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Opening_again_migrates_nothing_and_keeps_the_rows()
    {
        await using var fixture = await StorageFixture.OpenAsync();
        await fixture.CreateInstanceAsync();
        var rows = await fixture.CountRowsAsync();
        await fixture.ReopenAsync();
        Assert.Equal(rows, await fixture.CountRowsAsync());
        Assert.Equal(8, rows["VersionInfo"]);
    }

    [Fact]
    public async Task A_members_receipt_is_found_without_reading_those_of_the_other_members()
    {
        await using var fixture = await StorageFixture.OpenAsync();
        var plan = await fixture.Database.ReadAsync(sql => sql.First("EXPLAIN QUERY PLAN " + MessageChangeRows.StatusOfMember, r => r.GetString(3), "message", "member"), Ct);
        Assert.Equal("SEARCH message_updates USING COVERING INDEX ix_message_updates_member (message_id=? AND participant=?)", plan);
    }

    [Fact]
    public async Task A_database_of_a_later_release_is_refused()
    {
        await using var fixture = await StorageFixture.OpenAsync();
        await fixture.Database.WriteAsync(t => t.Sql.Execute("INSERT INTO VersionInfo (Version, Description) VALUES (@1, 'later')", 999L), Ct);
        await Assert.ThrowsAsync<NewerSchemaException>(
            () => SqliteDatabase.OpenAsync(fixture.Options, TimeProvider.System, NullLoggerFactory.Instance, Ct));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_with_a_typed_error()
    {
        await using var fixture = await StorageFixture.OpenAsync();
        var path = fixture.Path + ".other";
        await File.WriteAllTextAsync(path, new string('x', 5000), Ct);
        var e = await Assert.ThrowsAsync<StorageUnavailableException>(
            () => SqliteDatabase.OpenAsync(fixture.Options with { Path = path }, TimeProvider.System, NullLoggerFactory.Instance, Ct));
        Assert.Equal(StorageFailure.Unreadable, e.Failure);
    }

    [Theory]
    [InlineData("CREATE TABLE instances (a)")]
    [InlineData("CREATE TABLE VersionInfo (a)")]
    [InlineData("CREATE TABLE VersionInfo (Version INTEGER); CREATE TABLE other (a)")]
    public async Task Another_programs_database_is_refused_and_stays_as_it_is(string tables)
    {
        await using var fixture = await StorageFixture.OpenAsync();
        var path = fixture.Path + ".other";
        await using var other = new SqliteConnection($"Data Source={path};Pooling=False");
        await other.OpenAsync(Ct);
        await using var command = other.CreateCommand();
        command.CommandText = tables;
        await command.ExecuteNonQueryAsync(Ct);
        command.CommandText = "SELECT group_concat(sql, '; ') FROM sqlite_master";

        await Assert.ThrowsAsync<ForeignSchemaException>(
            () => SqliteDatabase.OpenAsync(fixture.Options with { Path = path }, TimeProvider.System, NullLoggerFactory.Instance, Ct));

        Assert.Equal(tables, await command.ExecuteScalarAsync(Ct));
    }

    [Fact]
    public async Task Every_table_of_an_instance_goes_with_it()
    {
        await using var fixture = await StorageFixture.OpenAsync();
        var withoutKey = await fixture.Database.ReadAsync(
            sql => sql.Query("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%instance_id%'", r => r.GetString(0))
                .Where(table => sql.Query($"PRAGMA foreign_key_list({table})", r => r.GetString(6)).All(rule => rule != "CASCADE")).Order().ToList(),
            Ct);
        // An instance's last events outlive it.
        Assert.Equal(["dead_letters", "deliveries", "events"], withoutKey);
    }
}
