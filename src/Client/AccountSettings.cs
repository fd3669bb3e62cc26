using System.Collections.Frozen;

namespace Evolution.Client;

/// <summary>What the server said about the account at the last login. In memory: it is asked for at every login.</summary>
internal sealed class AccountSettings
{
    private volatile FrozenDictionary<string, string> privacy = FrozenDictionary<string, string>.Empty;
    private volatile FrozenDictionary<string, string> properties = FrozenDictionary<string, string>.Empty;

    private int available;

    /// <summary>Whether we appear online. Until then our delivery receipts say <c>inactive</c>.</summary>
    public bool IsAvailable
    {
        get => Volatile.Read(ref available) == 1;
        set => Volatile.Write(ref available, value ? 1 : 0);
    }

    /// <summary>Makes us appear online, unless we do. The login and the history, which may bring the name, announce us once between them.</summary>
    /// <returns>Whether it is the caller who has to tell the server.</returns>
    public bool TryAppear() => Interlocked.Exchange(ref available, 1) == 0;

    /// <summary>Privacy settings: category → value, such as <c>readreceipts</c> → <c>all</c>.</summary>
    public IReadOnlyDictionary<string, string> Privacy => privacy;

    /// <summary>Server properties ("AB props"): code → value.</summary>
    public IReadOnlyDictionary<string, string> Properties => properties;

    public void SetPrivacy(IEnumerable<KeyValuePair<string, string>> values) => privacy = values.ToFrozenDictionary(StringComparer.Ordinal);

    public void SetProperties(IEnumerable<KeyValuePair<string, string>> values) => properties = values.ToFrozenDictionary(StringComparer.Ordinal);
}
