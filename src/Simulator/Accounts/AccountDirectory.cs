using System.Collections.Concurrent;
using Evolution.Protocol.Jids;

namespace Evolution.Simulator.Accounts;

/// <summary>Who exists: a phone number or a LID, with or without a device, leads to the account and the device.</summary>
internal sealed class AccountDirectory
{
    private readonly ConcurrentDictionary<string, Account> _byNumber = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Account> _byLid = new(StringComparer.Ordinal);

    public ICollection<Account> All => _byNumber.Values;

    public bool Add(Account account)
    {
        if (!_byLid.TryAdd(account.LidUser, account))
            return false;
        if (_byNumber.TryAdd(account.Number, account))
            return true;
        _byLid.TryRemove(account.LidUser, out _);
        return false;
    }

    public void Clear()
    {
        _byNumber.Clear();
        _byLid.Clear();
    }

    public Account? FindNumber(string number) => _byNumber.GetValueOrDefault(number);

    /// <summary>By the number as somebody dials it: the real server knows a Brazilian account with and without the ninth digit.</summary>
    public Account? FindDialled(string number) => FindNumber(number) ?? (number switch
    {
        ['5', '5', _, _, '9', ..] when number.Length == 13 => FindNumber(number.Remove(4, 1)),
        ['5', '5', ..] when number.Length == 12 => FindNumber(number.Insert(4, "9")),
        _ => null,
    });

    public Account? Find(Jid jid) => jid switch
    {
        { IsPhone: true } => _byNumber.GetValueOrDefault(jid.User),
        { IsLid: true } => _byLid.GetValueOrDefault(jid.User),
        _ => null,
    };

    public Device? FindDevice(Jid jid) => Find(jid)?.Find(jid.Device);
}
