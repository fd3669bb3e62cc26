using System.Security.Cryptography;
using System.Text;
using Dapper;
using Evolution.Client.Stores;
using Evolution.Storage.Database;
using Evolution.Storage.Messages;

namespace Evolution.Storage.Instances;

/// <summary>The instances.</summary>
public sealed class InstanceStore(SqliteDatabase database)
{
    private const string Columns =
        "id, name, token, integration, number, business_id, client_name, connection_status, owner_jid, profile_name, profile_pic_url, "
        + "disconnection_reason_code, disconnection_object, disconnection_at, created_at, updated_at";

    /// <summary>Stores a new instance, with what belongs to its creation, such as its settings, its webhook and the event that tells of it.</summary>
    /// <param name="instance">The instance; its times are set here.</param>
    /// <param name="attached">Rows to be written with it.</param>
    /// <param name="ct">Gives up waiting.</param>
    /// <exception cref="NameTakenException">The name exists; nothing was written.</exception>
    public Task<InstanceRow> CreateAsync(InstanceRow instance, IReadOnlyList<IAttachedWrite> attached, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(instance);
        AttachedRows.Check(attached);
        var now = database.Time.GetUtcNow();
        var row = instance with { CreatedAt = now, UpdatedAt = now };
        var hash = HashOf(row.Token);
        return database.WriteAsync(
            transaction =>
            {
                if (transaction.Sql.Scalar("SELECT id FROM instances WHERE name = @1", row.Name) is not null)
                    throw new NameTakenException(row.Name);
                transaction.Sql.Execute(
                    """
                    INSERT INTO instances (id, name, token, token_hash, integration, number, business_id, client_name, connection_status, owner_jid,
                        profile_name, profile_pic_url, fence, created_at, updated_at)
                    VALUES (@1, @2, @3, @4, @5, @6, @7, @8, @9, @10, @11, @12, 0, @13, @13)
                    """,
                    row.Id, row.Name, row.Token, hash, row.Integration, row.Number, row.BusinessId, row.ClientName, row.ConnectionStatus, row.OwnerJid,
                    row.ProfileName, row.ProfilePicUrl, now.ToUnixTimeMilliseconds());
                AttachedRows.Apply(transaction, row.Id, attached, now.ToUnixTimeMilliseconds());
                return row;
            },
            ct);
    }

    /// <summary>The instances that match, oldest first.</summary>
    public ValueTask<IReadOnlyList<InstanceRow>> ListAsync(InstanceFilter filter, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var values = new { filter.Id, filter.Name, filter.Number, filter.ClientName, hash = filter.Token is null ? null : HashOf(filter.Token) };
        var where = new Conditions()
            .And(filter.Id is not null, "id = @Id")
            .And(filter.Name is not null, "name = @Name")
            .And(filter.Number is not null, "number = @Number")
            .And(filter.ClientName is not null, "client_name = @ClientName")
            .And(filter.Token is not null, "token_hash = @hash");
        return database.ReadAsync<IReadOnlyList<InstanceRow>>(
            sql => sql.Connection.Query<InstanceRow>($"SELECT {Columns} FROM instances{where} ORDER BY created_at, id", values).AsList(), ct);
    }

    /// <summary>How many messages, contacts and chats instances have, by their ids; one that does not exist is left out.</summary>
    public ValueTask<IReadOnlyDictionary<string, InstanceCounts>> CountAsync(IReadOnlyCollection<string> ids, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyDictionary<string, InstanceCounts>>(
            sql => sql.Connection.Query<(string Id, long Messages, long Contacts, long Chats)>(
                """
                SELECT id, (SELECT COUNT(*) FROM messages WHERE instance_id = instances.id), (SELECT COUNT(*) FROM contacts WHERE instance_id = instances.id),
                    (SELECT COUNT(*) FROM chats WHERE instance_id = instances.id AND is_saved = 1)
                FROM instances WHERE id IN @ids
                """,
                new { ids }).ToDictionary(row => row.Id, row => new InstanceCounts(row.Messages, row.Contacts, row.Chats)),
            ct);

    /// <summary>Changes the address of the account's picture, if the instance is still this account's.</summary>
    /// <param name="id">The instance.</param>
    /// <param name="ownerJid">The account, as <see cref="ConnectionUpdate.OwnerJid"/> gave it.</param>
    /// <param name="address">Where the picture lies; null for none.</param>
    /// <param name="ct">Gives up waiting.</param>
    public Task SetPictureAsync(string id, string ownerJid, string? address, CancellationToken ct)
    {
        var now = database.Now();
        return database.WriteAsync(
            transaction =>
            {
                transaction.Sql.Execute(
                    "UPDATE instances SET profile_pic_url = @3, updated_at = @4 WHERE id = @1 AND owner_jid = @2", id, ownerJid, address, now);
            },
            ct);
    }

    /// <summary>
    /// Deletes an instance with everything it has: device, messages, settings, and the deliveries that wait for <paramref name="subscribers"/>.
    /// </summary>
    /// <param name="id">The instance.</param>
    /// <param name="subscribers">Those that end with the instance, such as its own webhook; others still get what waits for them.</param>
    /// <param name="farewell">Last events, written in the same transaction.</param>
    /// <param name="ct">Gives up waiting.</param>
    /// <returns>False when there is no such instance; nothing is written then.</returns>
    public Task<bool> DeleteAsync(string id, IReadOnlyCollection<string> subscribers, IReadOnlyList<IAttachedWrite> farewell, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(subscribers);
        AttachedRows.Check(farewell);
        var now = database.Now();
        return database.WriteAsync(
            transaction =>
            {
                foreach (var subscriber in subscribers)
                    Outbox.DeliveryRows.Drop(transaction, subscriber, id);
                AttachedRows.Apply(transaction, id, farewell, now);
                return transaction.Sql.Execute("DELETE FROM instances WHERE id = @1", id) > 0;
            },
            ct);
    }

    private static string HashOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
