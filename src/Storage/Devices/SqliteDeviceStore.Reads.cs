using System.Text.Json;
using Evolution.Client.Stores;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Signal;
using Evolution.Storage.Database;
using Microsoft.Data.Sqlite;

namespace Evolution.Storage.Devices;

public sealed partial class SqliteDeviceStore
{
    /// <inheritdoc/>
    public async ValueTask<DeviceCredentials?> LoadCredentialsAsync(CancellationToken ct) =>
        await database.ReadAsync(sql => (byte[]?)sql.Scalar("SELECT credentials FROM devices WHERE instance_id = @1", instance), ct).ConfigureAwait(false)
            is { } bytes
            ? DeviceCredentials.Parse(bytes)
            : null;

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<SignalAddress, byte[]>> LoadSessionsAsync(IReadOnlyCollection<SignalAddress> addresses, CancellationToken ct) =>
        LoadAsync(
            addresses,
            (sql, address) => (byte[]?)sql.Scalar(
                "SELECT record FROM sessions WHERE instance_id = @1 AND name = @2 AND device = @3", instance, address.Name, (long)address.Device),
            ct);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<SignalAddress, byte[]>> LoadIdentitiesAsync(IReadOnlyCollection<SignalAddress> addresses, CancellationToken ct) =>
        LoadAsync(
            addresses,
            (sql, address) => (byte[]?)sql.Scalar(
                "SELECT public_key FROM identities WHERE instance_id = @1 AND name = @2 AND device = @3", instance, address.Name, (long)address.Device),
            ct);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SignalAddress>> FindSessionsAsync(string signalName, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<SignalAddress>>(
            sql => sql.Query(
                "SELECT device FROM sessions WHERE instance_id = @1 AND name = @2",
                reader => new SignalAddress(signalName, (uint)reader.GetInt64(0)),
                instance, signalName),
            ct);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<uint, PreKey>> LoadPreKeysAsync(IReadOnlyCollection<uint> ids, CancellationToken ct)
    {
        // The public halves are computed here, on the caller's time, not while a connection is held.
        var keys = await LoadAsync(
            ids, (sql, id) => (byte[]?)sql.Scalar("SELECT private_key FROM pre_keys WHERE instance_id = @1 AND id = @2", instance, (long)id), ct)
            .ConfigureAwait(false);
        return keys.ToDictionary(pair => pair.Key, pair => new PreKey(pair.Key, KeyPair.FromPrivate(pair.Value)));
    }

    /// <inheritdoc/>
    public ValueTask<PreKeyInventory> LoadPreKeyInventoryAsync(CancellationToken ct) => database.ReadAsync(
        sql => new PreKeyInventory(
            sql.Scalar("SELECT next_pre_key_id FROM devices WHERE instance_id = @1", instance) is long next ? (uint)next : 1,
            sql.Query(
                "SELECT id FROM pre_keys WHERE instance_id = @1 AND published = 0 ORDER BY id", reader => (uint)reader.GetInt64(0), instance)),
        ct);

    /// <inheritdoc/>
    public async ValueTask<SignedPreKey?> LoadSignedPreKeyAsync(uint id, CancellationToken ct)
    {
        if (await LoadCredentialsAsync(ct).ConfigureAwait(false) is { } credentials && credentials.SignedPreKey.Id == id)
            return credentials.SignedPreKey;
        var found = await database.ReadAsync(
            sql => sql.First(
                "SELECT private_key, signature FROM signed_pre_keys WHERE instance_id = @1 AND id = @2",
                reader => new StoredKey(Bytes(reader, 0), Bytes(reader, 1)),
                instance, (long)id),
            ct).ConfigureAwait(false);
        return found is null ? null : new SignedPreKey(id, KeyPair.FromPrivate(found.PrivateKey), found.Signature);
    }

    /// <inheritdoc/>
    public ValueTask<byte[]?> LoadSenderKeyAsync(SenderKeyName name, CancellationToken ct) => database.ReadAsync(
        sql => (byte[]?)sql.Scalar(
            "SELECT record FROM sender_keys WHERE instance_id = @1 AND group_jid = @2 AND name = @3 AND device = @4",
            instance, name.Group.ToString(), name.Sender.Name, (long)name.Sender.Device),
        ct);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<Jid, bool>> LoadSenderKeyRecipientsAsync(Jid group, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyDictionary<Jid, bool>>(
            sql => sql.Query(
                "SELECT device, held FROM sender_key_recipients WHERE instance_id = @1 AND group_jid = @2",
                reader => (Device: Jid.Parse(reader.GetString(0)), IsHeld: reader.GetBoolean(1)),
                instance, group.ToString()).ToDictionary(row => row.Device, row => row.IsHeld),
            ct);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<Jid, Jid>> LoadLidsAsync(IReadOnlyCollection<Jid> phones, CancellationToken ct) =>
        LoadJidsAsync(phones, "SELECT lid FROM address_map WHERE instance_id = @1 AND phone = @2", ct);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<Jid, Jid>> LoadPhonesAsync(IReadOnlyCollection<Jid> lids, CancellationToken ct) =>
        LoadJidsAsync(lids, "SELECT phone FROM address_map WHERE instance_id = @1 AND lid = @2", ct);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<Jid, DeviceList>> LoadDeviceListsAsync(IReadOnlyCollection<Jid> users, CancellationToken ct) => LoadAsync(
        users,
        (sql, user) => sql.First(
            "SELECT devices, fetched_at, hash FROM device_lists WHERE instance_id = @1 AND user_jid = @2",
            reader => new DeviceList(
                user, JsonSerializer.Deserialize(reader.GetString(0), DeviceJson.Default.IReadOnlyListDeviceListEntry) ?? [], Time(reader, 1),
                reader.IsDBNull(2) ? null : reader.GetString(2)),
            instance, user.ToString()),
        ct);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<Jid, TrustedContactToken>> LoadTrustedContactTokensAsync(IReadOnlyCollection<Jid> users, CancellationToken ct) =>
        LoadAsync(
            users,
            (sql, user) => sql.First(
                "SELECT token, token_time, issued_at FROM trusted_contact_tokens WHERE instance_id = @1 AND user_jid = @2",
                reader => new TrustedContactToken(
                    user, reader.IsDBNull(0) ? null : Bytes(reader, 0), reader.IsDBNull(1) ? null : Time(reader, 1),
                    reader.IsDBNull(2) ? null : Time(reader, 2)),
                instance, user.ToString()),
            ct);

    /// <inheritdoc/>
    public ValueTask<AppStateKey?> LoadAppStateKeyAsync(ReadOnlyMemory<byte> id, CancellationToken ct)
    {
        var text = Convert.ToHexString(id.Span);
        return database.ReadAsync(
            sql => sql.First(
                "SELECT id, data, fingerprint, made_at FROM app_state_keys WHERE instance_id = @1 AND id = @2", ReadAppStateKey, instance, text),
            ct);
    }

    /// <inheritdoc/>
    public ValueTask<AppStateKey?> LoadLatestAppStateKeyAsync(CancellationToken ct) => database.ReadAsync(
        sql => sql.First(
            "SELECT id, data, fingerprint, made_at FROM app_state_keys WHERE instance_id = @1 ORDER BY made_at DESC LIMIT 1", ReadAppStateKey, instance),
        ct);

    /// <inheritdoc/>
    public ValueTask<SentMessage?> LoadSentMessageAsync(Jid chat, string id, CancellationToken ct) => database.ReadAsync(
        sql => sql.First(
            "SELECT chat, id, content, sent_at, acknowledged, attributes, readers FROM sent_messages WHERE instance_id = @1 AND chat = @2 AND id = @3",
            ReadSentMessage, instance, chat.ToString(), id),
        ct);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SentMessage>> LoadUnacknowledgedAsync(DateTimeOffset since, int limit, CancellationToken ct) =>
        database.ReadAsync<IReadOnlyList<SentMessage>>(
            sql => sql.Query(
                """
                SELECT chat, id, content, sent_at, acknowledged, attributes, readers FROM sent_messages
                WHERE instance_id = @1 AND acknowledged = 0 AND sent_at >= @2 ORDER BY sent_at LIMIT @3
                """,
                ReadSentMessage, instance, since.ToUnixTimeMilliseconds(), limit),
            ct);

    /// <inheritdoc/>
    public ValueTask<RetryState?> LoadRetryAsync(RetryKey key, CancellationToken ct) => database.ReadAsync(
        sql => sql.First(
            "SELECT count, last_at, base_key FROM retries WHERE instance_id = @1 AND direction = @2 AND message_id = @3 AND device = @4",
            reader => new RetryState(reader.GetInt32(0), Time(reader, 1), reader.IsDBNull(2) ? null : Bytes(reader, 2)),
            instance, (int)key.Direction, key.MessageId, key.Device.ToString()),
        ct);

    private async ValueTask<IReadOnlyDictionary<Jid, Jid>> LoadJidsAsync(IReadOnlyCollection<Jid> keys, string query, CancellationToken ct)
    {
        var found = await LoadAsync(keys, (sql, key) => (string?)sql.Scalar(query, instance, key.ToString()), ct).ConfigureAwait(false);
        return found.ToDictionary(pair => pair.Key, pair => Jid.Parse(pair.Value));
    }

    private ValueTask<IReadOnlyDictionary<TKey, TValue>> LoadAsync<TKey, TValue>(
        IReadOnlyCollection<TKey> keys, Func<SqlSession, TKey, TValue?> load, CancellationToken ct)
        where TKey : notnull
        where TValue : class =>
        database.ReadAsync<IReadOnlyDictionary<TKey, TValue>>(
            sql =>
            {
                var found = new Dictionary<TKey, TValue>(keys.Count);
                foreach (var key in keys)
                {
                    if (load(sql, key) is { } value)
                        found[key] = value;
                }

                return found;
            },
            ct);

    private static AppStateKey ReadAppStateKey(SqliteDataReader reader) =>
        new(Convert.FromHexString(reader.GetString(0)), Bytes(reader, 1), Bytes(reader, 2), Time(reader, 3));

    private static SentMessage ReadSentMessage(SqliteDataReader reader) => new(
        Jid.Parse(reader.GetString(0)), reader.GetString(1), Bytes(reader, 2), Time(reader, 3), reader.GetBoolean(4),
        reader.IsDBNull(5) ? null : JsonSerializer.Deserialize(reader.GetString(5), DeviceJson.Default.DictionaryStringString),
        reader.IsDBNull(6) ? null : [.. JsonSerializer.Deserialize(reader.GetString(6), DeviceJson.Default.StringArray)!.Select(Jid.Parse)]);

    private static byte[] Bytes(SqliteDataReader reader, int column) => reader.GetFieldValue<byte[]>(column);

    private static DateTimeOffset Time(SqliteDataReader reader, int column) => DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column));

    private sealed record StoredKey(byte[] PrivateKey, byte[] Signature);
}
