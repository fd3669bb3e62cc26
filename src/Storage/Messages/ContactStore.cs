using Dapper;
using Evolution.Storage.Database;

namespace Evolution.Storage.Messages;

/// <summary>Finds contacts. They are written as attached writes.</summary>
public sealed class ContactStore(SqliteDatabase database)
{
    private const string Columns = "id, remote_jid, push_name, profile_pic_url, created_at, updated_at";

    /// <summary>An instance's contacts, oldest first.</summary>
    /// <param name="instanceId">The instance.</param>
    /// <param name="take">At most so many; null for all.</param>
    /// <param name="skip">Leaves out the first ones.</param>
    /// <param name="ct">Gives up waiting.</param>
    public ValueTask<IReadOnlyList<ContactRow>> ListAsync(string instanceId, int? take, int skip, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<ContactRow>>(
            sql => sql.Connection.Query<ContactRow>(
                $"SELECT {Columns} FROM contacts WHERE instance_id = @instanceId ORDER BY id LIMIT @take OFFSET @skip",
                new { instanceId, take = take ?? int.MaxValue, skip }).AsList(),
            ct);

    /// <summary>A contact, by either form of its JID; null when there is none.</summary>
    public ValueTask<ContactRow?> FindAsync(string instanceId, string remoteJid, CancellationToken ct) => database.ReadAsync(
        sql => sql.Connection.QueryFirstOrDefault<ContactRow>(
            $"SELECT {Columns} FROM contacts WHERE instance_id = @instanceId AND canonical_jid = @person",
            new { instanceId, person = CanonicalAddresses.Of(sql, instanceId, remoteJid) }),
        ct);
}
