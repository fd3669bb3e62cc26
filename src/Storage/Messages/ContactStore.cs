using Dapper;
using Evolution.Storage.Database;

namespace Evolution.Storage.Messages;

/// <summary>Finds contacts. They are written as attached writes.</summary>
public sealed class ContactStore(SqliteDatabase database)
{
    private const string Columns = "id, remote_jid, push_name, profile_pic_url, created_at, updated_at";

    /// <summary>An instance's contacts that match, oldest first.</summary>
    public ValueTask<IReadOnlyList<ContactRow>> FindAsync(string instanceId, ContactFilter filter, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var where = new Conditions()
            .And(true, "instance_id = @instanceId")
            .And(filter.Id is not null, "id = @Id")
            .And(filter.RemoteJid is not null, "canonical_jid = @person")
            .And(filter.PushName is not null, "push_name = @PushName");
        return database.ReadAsync<IReadOnlyList<ContactRow>>(
            sql => sql.Connection.Query<ContactRow>(
                $"SELECT {Columns} FROM contacts{where} ORDER BY id LIMIT @take OFFSET @Skip",
                new
                {
                    instanceId,
                    filter.Id,
                    filter.PushName,
                    person = filter.RemoteJid is { } jid ? CanonicalAddresses.Of(sql, instanceId, jid) : null,
                    take = filter.Take ?? int.MaxValue,
                    filter.Skip,
                }).AsList(),
            ct);
    }

    /// <summary>The push names of those of these people that have one, by the JID they were asked by, in either form.</summary>
    public ValueTask<IReadOnlyDictionary<string, string>> FindNamesAsync(string instanceId, IReadOnlyCollection<string> remoteJids, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyDictionary<string, string>>(
            sql =>
            {
                var names = new Dictionary<string, string>(StringComparer.Ordinal);
                foreach (var jid in remoteJids)
                {
                    var name = sql.Scalar(
                        "SELECT push_name FROM contacts WHERE instance_id = @1 AND canonical_jid = @2", instanceId, CanonicalAddresses.Of(sql, instanceId, jid));
                    if (name is string { Length: > 0 } known)
                        names[jid] = known;
                }

                return names;
            },
            ct);

    /// <summary>A contact, by either form of its JID; null when there is none.</summary>
    public ValueTask<ContactRow?> FindAsync(string instanceId, string remoteJid, CancellationToken ct) => database.ReadAsync(
        sql => sql.Connection.QueryFirstOrDefault<ContactRow>(
            $"SELECT {Columns} FROM contacts WHERE instance_id = @instanceId AND canonical_jid = @person",
            new { instanceId, person = CanonicalAddresses.Of(sql, instanceId, remoteJid) }),
        ct);
}
