using System.Collections.Concurrent;

namespace Evolution.Simulator.Accounts;

/// <summary>Numbers an account has exchanged messages with.</summary>
internal sealed class ContactSet
{
    private readonly ConcurrentDictionary<string, byte> _numbers = new(StringComparer.Ordinal);

    public bool Add(string number) => _numbers.TryAdd(number, 0);

    public ICollection<string> Numbers => _numbers.Keys;
}
