namespace Evolution.Simulator.Store;

/// <summary>The tables. Keys are stored in clear: the file belongs to made-up people.</summary>
internal static class Schema
{
    public static readonly string[] Statements =
    [
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=NORMAL",
        "CREATE TABLE IF NOT EXISTS meta(key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID",
        """
        CREATE TABLE IF NOT EXISTS accounts(
          pn TEXT PRIMARY KEY, lid TEXT NOT NULL UNIQUE, name TEXT NOT NULL, registered_at INTEGER NOT NULL,
          signing_key BLOB NOT NULL, raw_id INTEGER NOT NULL, next_device INTEGER NOT NULL, app_state_key BLOB NOT NULL,
          online INTEGER NOT NULL, settings TEXT NOT NULL) WITHOUT ROWID
        """,
        """
        CREATE TABLE IF NOT EXISTS devices(
          pn TEXT NOT NULL, number INTEGER NOT NULL, registration_id INTEGER NOT NULL, identity BLOB NOT NULL, noise BLOB,
          spk_id INTEGER NOT NULL, spk_key BLOB NOT NULL, spk_private BLOB, spk_signature BLOB NOT NULL,
          adv BLOB, key_index INTEGER NOT NULL, platform TEXT NOT NULL, linked_at INTEGER NOT NULL, last_seen INTEGER, bootstrapped INTEGER NOT NULL,
          PRIMARY KEY(pn, number)) WITHOUT ROWID
        """,
        """
        CREATE TABLE IF NOT EXISTS prekeys(
          pn TEXT NOT NULL, number INTEGER NOT NULL, id INTEGER NOT NULL, key BLOB NOT NULL, private BLOB, handed_out INTEGER NOT NULL,
          PRIMARY KEY(pn, number, id)) WITHOUT ROWID
        """,
        """
        CREATE TABLE IF NOT EXISTS sessions(
          pn TEXT NOT NULL, peer_pn TEXT NOT NULL, peer_device INTEGER NOT NULL, record BLOB NOT NULL, PRIMARY KEY(pn, peer_pn, peer_device)) WITHOUT ROWID
        """,
        """
        CREATE TABLE IF NOT EXISTS queue(
          seq INTEGER PRIMARY KEY, pn TEXT NOT NULL, number INTEGER NOT NULL, stanza BLOB NOT NULL)
        """,
        """
        CREATE TABLE IF NOT EXISTS messages(
          seq INTEGER PRIMARY KEY, pn TEXT NOT NULL, id TEXT NOT NULL, chat TEXT NOT NULL, sender TEXT NOT NULL, sender_device INTEGER NOT NULL,
          from_me INTEGER NOT NULL, at INTEGER NOT NULL, content BLOB NOT NULL, delivered INTEGER, read INTEGER, played INTEGER)
        """,
        "CREATE UNIQUE INDEX IF NOT EXISTS messages_key ON messages(pn, chat, from_me, id)",
        "CREATE INDEX IF NOT EXISTS messages_id ON messages(id)",
        """
        CREATE TABLE IF NOT EXISTS app_state(
          pn TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, patch BLOB NOT NULL, PRIMARY KEY(pn, name, version)) WITHOUT ROWID
        """,
        "CREATE TABLE IF NOT EXISTS media(path TEXT PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID",
        """
        CREATE TABLE IF NOT EXISTS ratchets(
          pn TEXT NOT NULL, number INTEGER NOT NULL, peer_pn TEXT NOT NULL, peer_number INTEGER NOT NULL, ratchet BLOB NOT NULL, counter INTEGER NOT NULL,
          digest INTEGER NOT NULL, PRIMARY KEY(pn, number, peer_pn, peer_number, ratchet, counter)) WITHOUT ROWID
        """,
        """
        CREATE TABLE IF NOT EXISTS groups(
          jid TEXT PRIMARY KEY, creator TEXT NOT NULL, lid INTEGER NOT NULL, created_at INTEGER NOT NULL,
          subject TEXT NOT NULL, subject_at INTEGER NOT NULL, subject_by TEXT NOT NULL) WITHOUT ROWID
        """,
        "CREATE TABLE IF NOT EXISTS group_settings(jid TEXT PRIMARY KEY, settings TEXT NOT NULL) WITHOUT ROWID",
        "CREATE TABLE IF NOT EXISTS group_members(jid TEXT NOT NULL, pn TEXT NOT NULL, role INTEGER NOT NULL, PRIMARY KEY(jid, pn)) WITHOUT ROWID",
        """
        CREATE TABLE IF NOT EXISTS sender_keys(
          pn TEXT NOT NULL, chat TEXT NOT NULL, peer_pn TEXT NOT NULL, peer_device INTEGER NOT NULL, record BLOB NOT NULL,
          PRIMARY KEY(pn, chat, peer_pn, peer_device)) WITHOUT ROWID
        """,
        """
        CREATE TABLE IF NOT EXISTS sender_key_recipients(
          pn TEXT NOT NULL, chat TEXT NOT NULL, peer_pn TEXT NOT NULL, peer_device INTEGER NOT NULL,
          PRIMARY KEY(pn, chat, peer_pn, peer_device)) WITHOUT ROWID
        """,
        """
        CREATE TABLE IF NOT EXISTS sender_key_uses(
          chat TEXT NOT NULL, pn TEXT NOT NULL, number INTEGER NOT NULL, key_id INTEGER NOT NULL, iteration INTEGER NOT NULL, digest INTEGER NOT NULL,
          PRIMARY KEY(chat, pn, number, key_id, iteration))
        """,
        """
        CREATE TABLE IF NOT EXISTS sender_key_holders(
          chat TEXT NOT NULL, pn TEXT NOT NULL, number INTEGER NOT NULL, key_id INTEGER NOT NULL, peer_pn TEXT NOT NULL, peer_number INTEGER NOT NULL,
          PRIMARY KEY(chat, pn, number, key_id, peer_pn, peer_number)) WITHOUT ROWID
        """,
    ];

    public static readonly string[] Tables =
        [
        "accounts", "devices", "prekeys", "sessions", "queue", "messages", "app_state", "media", "ratchets",
        "groups", "group_settings", "group_members", "sender_keys", "sender_key_recipients", "sender_key_uses", "sender_key_holders",
    ];
}
