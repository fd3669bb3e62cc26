using System.Text.Json;
using Evolution.Protocol.Crypto;
using Evolution.Simulator.Store;
using Microsoft.Data.Sqlite;

namespace Evolution.Simulator.Accounts;

/// <summary>Accounts and devices as rows.</summary>
internal static class AccountRows
{
    private static readonly JsonSerializerOptions s_json = JsonSerializerOptions.Default;

    public static void Save(Writes writes, Account account) => writes.Add(
        """
        INSERT INTO accounts VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
        ON CONFLICT(pn) DO UPDATE SET name = excluded.name, signing_key = excluded.signing_key, next_device = excluded.next_device,
          settings = excluded.settings
        """,
        account.Number, account.LidUser, account.Name, account.RegisteredAt.ToUnixTimeMilliseconds(), account.SigningKey.PrivateKey.ToArray(),
        (long)account.RawId, (long)account.NextDevice, account.AppStateKey, 1L, JsonSerializer.Serialize(account.Settings, s_json));

    public static void SaveOnline(Writes writes, Account account, bool online) =>
        writes.Add("UPDATE accounts SET online = ?2 WHERE pn = ?1", account.Number, online ? 1L : 0L);

    /// <param name="signedPreKeyPrivate">Private half of the signed pre-key; only the phone's is known here.</param>
    public static void Save(Writes writes, Device device, byte[]? signedPreKeyPrivate = null) => writes.Add(
        """
        INSERT INTO devices VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
        ON CONFLICT(pn, number) DO UPDATE SET registration_id = excluded.registration_id, identity = excluded.identity, spk_id = excluded.spk_id,
          spk_key = excluded.spk_key, spk_private = coalesce(excluded.spk_private, spk_private), spk_signature = excluded.spk_signature,
          last_seen = excluded.last_seen, bootstrapped = excluded.bootstrapped
        """,
        device.Account.Number, (long)device.Number, (long)device.RegistrationId, device.Identity.ToArray(), device.NoiseKey.ToArray(),
        (long)device.SignedPreKey.Id, device.SignedPreKey.Key.ToArray(), signedPreKeyPrivate, device.SignedPreKey.Signature.ToArray(),
        device.Adv, (long)device.KeyIndex, device.Platform, device.LinkedAt.ToUnixTimeMilliseconds(), device.LastSeen?.ToUnixTimeMilliseconds(),
        device.Bootstrapped ? 1L : 0L);

    public static void Delete(Writes writes, Device device)
    {
        foreach (var table in (string[])["devices", "prekeys", "queue"])
            writes.Add($"DELETE FROM {table} WHERE pn = ?1 AND number = ?2", device.Account.Number, (long)device.Number);
        foreach (var table in (string[])["sessions", "sender_keys"])
            writes.Add($"DELETE FROM {table} WHERE peer_pn = ?1 AND peer_device = ?2", device.Account.Number, (long)device.Number);
        writes.Add("DELETE FROM ratchets WHERE (pn = ?1 AND number = ?2) OR (peer_pn = ?1 AND peer_number = ?2)", device.Account.Number, (long)device.Number);
    }

    public static void AddPreKey(Writes writes, Device device, PublicPreKey key, byte[]? privateKey = null) => writes.Add(
        "INSERT OR REPLACE INTO prekeys VALUES(?1, ?2, ?3, ?4, ?5, 0)",
        device.Account.Number, (long)device.Number, (long)key.Id, key.Key.ToArray(), privateKey);

    /// <summary>A companion's key is forgotten once handed out; the phone's stays, as its private half is needed for the answer.</summary>
    public static void HandOut(Writes writes, Device device, uint id) => writes.Add(
        device.Number == 0
            ? "UPDATE prekeys SET handed_out = 1 WHERE pn = ?1 AND number = ?2 AND id = ?3"
            : "DELETE FROM prekeys WHERE pn = ?1 AND number = ?2 AND id = ?3",
        device.Account.Number, (long)device.Number, (long)id);

    public static void DeletePreKey(Writes writes, Device device, uint id) =>
        writes.Add("DELETE FROM prekeys WHERE pn = ?1 AND number = ?2 AND id = ?3", device.Account.Number, (long)device.Number, (long)id);

    public static void DeletePreKeys(Writes writes, Device device) =>
        writes.Add("DELETE FROM prekeys WHERE pn = ?1 AND number = ?2", device.Account.Number, (long)device.Number);

    /// <summary>Fills the directory with what the file holds.</summary>
    public static void Load(SimulatorStore store, AccountDirectory directory)
    {
        foreach (var account in store.Query("SELECT * FROM accounts", ReadAccount))
            directory.Add(account);
        foreach (var device in store.Query("SELECT * FROM devices ORDER BY pn, number", row => ReadDevice(row, directory)))
            device.Account.Add(device);
        store.Query("SELECT pn, number, id, key FROM prekeys WHERE handed_out = 0 ORDER BY pn, number, id", row =>
            directory.FindNumber(row.GetString(0))?.Find((ushort)row.GetInt64(1))?.PreKeys.Add(new PublicPreKey((uint)row.GetInt64(2), row.Bytes(3))));
        store.Query("SELECT DISTINCT pn, chat FROM messages WHERE chat NOT LIKE '%@%'", row => directory.FindNumber(row.GetString(0))?.Contacts.Add(row.GetString(1)));
    }

    private static Account ReadAccount(SqliteDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2))
    {
        RegisteredAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3)),
        SigningKey = KeyPair.FromPrivate(row.Bytes(4)),
        RawId = (uint)row.GetInt64(5),
        NextDevice = (ushort)row.GetInt64(6),
        AppStateKey = row.Bytes(7),
        Settings = JsonSerializer.Deserialize<AccountSettings>(row.GetString(9), s_json) ?? new AccountSettings(),
    };

    private static Device ReadDevice(SqliteDataReader row, AccountDirectory directory)
    {
        var account = directory.FindNumber(row.GetString(0)) ?? throw new InvalidDataException("A device row has no account.");
        return new Device(account, (ushort)row.GetInt64(1))
        {
            RegistrationId = (uint)row.GetInt64(2),
            Identity = row.Bytes(3),
            NoiseKey = row.Bytes(4),
            SignedPreKey = new PublicSignedPreKey((uint)row.GetInt64(5), row.Bytes(6), row.Bytes(8)),
            Adv = row.IsDBNull(9) ? null : row.Bytes(9),
            KeyIndex = (uint)row.GetInt64(10),
            Platform = row.GetString(11),
            LinkedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(12)),
            LastSeen = row.IsDBNull(13) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(13)),
            Bootstrapped = row.GetInt64(14) != 0,
        };
    }
}
