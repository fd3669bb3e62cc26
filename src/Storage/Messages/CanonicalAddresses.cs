using Evolution.Protocol.Jids;
using Evolution.Storage.Database;

namespace Evolution.Storage.Messages;

/// <summary>
/// The one key of a person, who has two addresses: the LID if it is known, else the phone JID. Rows are keyed by it, so it is looked up in the
/// transaction that writes them: a mapping another chat has just learned is never missed.
/// </summary>
internal static class CanonicalAddresses
{
    private const string PhoneSuffix = "@" + JidServers.Phone;

    public static string Of(SqlSession sql, string instanceId, Jid jid) => Of(sql, instanceId, jid.ToUser().ToString());

    /// <summary>The key of what a client wrote; text that is no person's address is its own key.</summary>
    public static string Of(SqlSession sql, string instanceId, string jid) =>
        jid.EndsWith(PhoneSuffix, StringComparison.Ordinal)
            && sql.Scalar("SELECT lid FROM address_map WHERE instance_id = @1 AND phone = @2", instanceId, jid) is string lid
            ? lid
            : jid;
}
