using Evolution.Proto;
using Evolution.Protocol.Pairing;
using Account = Evolution.Simulator.Accounts.Account;

namespace Evolution.Simulator.Pairing;

/// <summary>The signed list of the device indexes that are valid today.</summary>
internal static class KeyIndexes
{
    public static byte[] Issue(Account account, long unixSeconds)
    {
        var list = new ADVKeyIndexList { RawId = account.RawId, Timestamp = (ulong)unixSeconds, CurrentIndex = account.NextDevice - 1u };
        list.ValidIndexes.AddRange(account.Devices().Select(d => d.KeyIndex));
        return KeyIndexList.Issue(account.SigningKey, list);
    }
}
