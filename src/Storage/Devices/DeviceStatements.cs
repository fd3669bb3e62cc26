using System.Text.Json;
using Evolution.Client.Stores;
using Evolution.Storage.Database;

namespace Evolution.Storage.Devices;

/// <summary>
/// A write set as statements, made before its transaction: what is serialised is serialised here, and later changes to the set are not seen.
/// </summary>
internal sealed class DeviceStatements
{
    private static readonly string[] Tables =
    [
        "sessions", "identities", "pre_keys", "signed_pre_keys", "sender_keys", "sender_key_recipients", "address_map", "device_lists",
        "trusted_contact_tokens", "app_state_keys", "sent_messages", "retries", "devices",
    ];

    private static readonly string[] ClearStatements = [.. Tables.Select(table => $"DELETE FROM {table} WHERE instance_id = @1")];
    private readonly string instance;
    private readonly long now;
    private readonly List<Statement> statements = [];

    public DeviceStatements(string instanceId, DeviceWriteSet writes, long now)
    {
        instance = instanceId;
        this.now = now;
        if (writes.Reset is { } reset)
            AddReset(reset);
        AddCredentials(writes);
        AddPreKeys(writes);
        AddSessions(writes);
        AddSenderKeys(writes);
        AddPeople(writes);
        AddAppStateKeys(writes);
        AddSent(writes);
    }

    public void Run(SqlSession sql)
    {
        foreach (var statement in statements)
            sql.Execute(statement.Sql, statement.Values);
    }

    private void Add(string sql, params object?[] values) => statements.Add(new Statement(sql, values));

    private void AddReset(DeviceReset reset)
    {
        if (reset == DeviceReset.Archive)
        {
            Add(
                """
                INSERT INTO archived_credentials (instance_id, credentials, archived_at)
                SELECT instance_id, credentials, @2 FROM devices WHERE instance_id = @1 AND credentials IS NOT NULL
                """,
                instance, now);
        }

        foreach (var statement in ClearStatements)
            Add(statement, instance);
    }

    private void AddCredentials(DeviceWriteSet writes)
    {
        if (writes.Credentials is { } credentials)
        {
            Add(
                """
                INSERT INTO devices (instance_id, credentials, next_pre_key_id, updated_at) VALUES (@1, @2, 1, @3)
                ON CONFLICT (instance_id) DO UPDATE SET credentials = excluded.credentials, updated_at = excluded.updated_at
                """,
                instance, credentials.ToBytes(), now);
        }

        if (writes.NextPreKeyId is { } next)
        {
            Add(
                """
                INSERT INTO devices (instance_id, next_pre_key_id, updated_at) VALUES (@1, @2, @3)
                ON CONFLICT (instance_id) DO UPDATE SET next_pre_key_id =
                    CASE WHEN excluded.next_pre_key_id > devices.next_pre_key_id THEN excluded.next_pre_key_id ELSE devices.next_pre_key_id END
                """,
                instance, (long)next, now);
        }
    }

    private void AddPreKeys(DeviceWriteSet writes)
    {
        foreach (var key in writes.AddedPreKeys)
        {
            Add(
                """
                INSERT INTO pre_keys (instance_id, id, private_key, published) VALUES (@1, @2, @3, @4)
                ON CONFLICT (instance_id, id) DO UPDATE SET private_key = excluded.private_key, published = excluded.published
                """,
                instance, (long)key.Key.Id, key.Key.KeyPair.PrivateKey.ToArray(), key.Published);
        }

        foreach (var id in writes.PublishedPreKeys)
            Add("UPDATE pre_keys SET published = 1 WHERE instance_id = @1 AND id = @2", instance, (long)id);
        foreach (var id in writes.RemovedPreKeys)
            Add("DELETE FROM pre_keys WHERE instance_id = @1 AND id = @2", instance, (long)id);
        foreach (var key in writes.SignedPreKeys)
        {
            Add(
                """
                INSERT INTO signed_pre_keys (instance_id, id, private_key, signature) VALUES (@1, @2, @3, @4)
                ON CONFLICT (instance_id, id) DO UPDATE SET private_key = excluded.private_key, signature = excluded.signature
                """,
                instance, (long)key.Id, key.KeyPair.PrivateKey.ToArray(), key.Signature.ToArray());
        }
    }

    private void AddSessions(DeviceWriteSet writes)
    {
        foreach (var (address, record) in writes.Sessions)
        {
            if (record is null)
            {
                Add("DELETE FROM sessions WHERE instance_id = @1 AND name = @2 AND device = @3", instance, address.Name, (long)address.Device);
                continue;
            }

            Add(
                """
                INSERT INTO sessions (instance_id, name, device, record) VALUES (@1, @2, @3, @4)
                ON CONFLICT (instance_id, name, device) DO UPDATE SET record = excluded.record
                """,
                instance, address.Name, (long)address.Device, record);
        }

        foreach (var (address, key) in writes.Identities)
        {
            if (key is null)
            {
                Add("DELETE FROM identities WHERE instance_id = @1 AND name = @2 AND device = @3", instance, address.Name, (long)address.Device);
                continue;
            }

            Add(
                """
                INSERT INTO identities (instance_id, name, device, public_key) VALUES (@1, @2, @3, @4)
                ON CONFLICT (instance_id, name, device) DO UPDATE SET public_key = excluded.public_key
                """,
                instance, address.Name, (long)address.Device, key);
        }
    }

    private void AddSenderKeys(DeviceWriteSet writes)
    {
        foreach (var (name, record) in writes.SenderKeys)
        {
            object?[] key = [instance, name.Group.ToString(), name.Sender.Name, (long)name.Sender.Device];
            if (record is null)
            {
                Add("DELETE FROM sender_keys WHERE instance_id = @1 AND group_jid = @2 AND name = @3 AND device = @4", key);
                continue;
            }

            Add(
                """
                INSERT INTO sender_keys (instance_id, group_jid, name, device, record) VALUES (@1, @2, @3, @4, @5)
                ON CONFLICT (instance_id, group_jid, name, device) DO UPDATE SET record = excluded.record
                """,
                [.. key, record]);
        }

        AddRecipients(writes);
    }

    private void AddRecipients(DeviceWriteSet writes)
    {
        foreach (var group in writes.RenewedSenderKeys)
            Add("DELETE FROM sender_key_recipients WHERE instance_id = @1 AND group_jid = @2", instance, group.ToString());
        foreach (var device in writes.LostSenderKeys)
            Add("UPDATE sender_key_recipients SET held = 0 WHERE instance_id = @1 AND device = @2", instance, device.ToString());
        foreach (var (group, devices) in writes.SenderKeyRecipients)
        {
            foreach (var device in devices)
            {
                Add(
                    """
                    INSERT INTO sender_key_recipients (instance_id, group_jid, device, held) VALUES (@1, @2, @3, 1)
                    ON CONFLICT (instance_id, group_jid, device) DO UPDATE SET held = 1
                    """,
                    instance, group.ToString(), device.ToString());
            }
        }
    }

    private void AddPeople(DeviceWriteSet writes)
    {
        foreach (var (user, list) in writes.DeviceLists)
        {
            if (list is null)
            {
                Add("DELETE FROM device_lists WHERE instance_id = @1 AND user_jid = @2", instance, user.ToString());
                continue;
            }

            Add(
                """
                INSERT INTO device_lists (instance_id, user_jid, devices, fetched_at, hash) VALUES (@1, @2, @3, @4, @5)
                ON CONFLICT (instance_id, user_jid) DO UPDATE SET devices = excluded.devices, fetched_at = excluded.fetched_at, hash = excluded.hash
                """,
                instance, user.ToString(), JsonSerializer.Serialize(list.Devices, DeviceJson.Default.IReadOnlyListDeviceListEntry),
                list.FetchedAt.ToUnixTimeMilliseconds(), list.Hash);
        }

        foreach (var (user, token) in writes.TrustedContactTokens)
        {
            if (token is null)
            {
                Add("DELETE FROM trusted_contact_tokens WHERE instance_id = @1 AND user_jid = @2", instance, user.ToString());
                continue;
            }

            Add(
                """
                INSERT INTO trusted_contact_tokens (instance_id, user_jid, token, token_time, issued_at) VALUES (@1, @2, @3, @4, @5)
                ON CONFLICT (instance_id, user_jid) DO UPDATE SET token = excluded.token, token_time = excluded.token_time, issued_at = excluded.issued_at
                """,
                instance, user.ToString(), token.Token, token.Timestamp?.ToUnixTimeMilliseconds(), token.IssuedAt?.ToUnixTimeMilliseconds());
        }
    }

    private void AddAppStateKeys(DeviceWriteSet writes)
    {
        foreach (var key in writes.AppStateKeys)
        {
            Add(
                """
                INSERT INTO app_state_keys (instance_id, id, data, fingerprint, made_at) VALUES (@1, @2, @3, @4, @5)
                ON CONFLICT (instance_id, id) DO UPDATE SET data = excluded.data, fingerprint = excluded.fingerprint, made_at = excluded.made_at
                """,
                instance, Convert.ToHexString(key.Id), key.Data, key.Fingerprint, key.Timestamp.ToUnixTimeMilliseconds());
        }
    }

    private void AddSent(DeviceWriteSet writes)
    {
        foreach (var message in writes.SentMessages)
        {
            Add(
                """
                INSERT INTO sent_messages (instance_id, chat, id, content, sent_at, acknowledged, attributes, readers)
                VALUES (@1, @2, @3, @4, @5, @6, @7, @8)
                ON CONFLICT (instance_id, chat, id) DO UPDATE SET content = excluded.content, sent_at = excluded.sent_at,
                    acknowledged = excluded.acknowledged, attributes = excluded.attributes, readers = excluded.readers
                """,
                instance, message.Chat.ToString(), message.Id, message.Content, message.SentAt.ToUnixTimeMilliseconds(), message.Acknowledged,
                message.Attributes is null
                    ? null
                    : JsonSerializer.Serialize(message.Attributes.ToDictionary(), DeviceJson.Default.DictionaryStringString),
                message.Readers is null ? null : JsonSerializer.Serialize([.. message.Readers.Select(reader => reader.ToString())], DeviceJson.Default.StringArray));
        }

        foreach (var key in writes.AcknowledgedMessages)
            Add("UPDATE sent_messages SET acknowledged = 1 WHERE instance_id = @1 AND chat = @2 AND id = @3 AND acknowledged = 0", instance, key.Chat.ToString(), key.Id);

        foreach (var (key, state) in writes.Retries)
        {
            if (state is null)
            {
                Add(
                    "DELETE FROM retries WHERE instance_id = @1 AND direction = @2 AND message_id = @3 AND device = @4",
                    instance, (int)key.Direction, key.MessageId, key.Device.ToString());
                continue;
            }

            Add(
                """
                INSERT INTO retries (instance_id, direction, message_id, device, count, last_at, base_key) VALUES (@1, @2, @3, @4, @5, @6, @7)
                ON CONFLICT (instance_id, direction, message_id, device) DO UPDATE SET count = excluded.count, last_at = excluded.last_at,
                    base_key = excluded.base_key
                """,
                instance, (int)key.Direction, key.MessageId, key.Device.ToString(), state.Count, state.LastAt.ToUnixTimeMilliseconds(), state.BaseKey);
        }
    }

    private sealed record Statement(string Sql, object?[] Values);
}
