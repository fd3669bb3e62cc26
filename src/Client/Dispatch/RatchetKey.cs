using Evolution.Client.Stores;
using Evolution.Protocol.Jids;

namespace Evolution.Client.Dispatch;

/// <summary>What a ratchet lock guards: the session with one device of a canonical user, or one sender key.</summary>
internal readonly record struct RatchetKey : IComparable<RatchetKey>
{
    private readonly string name;

    private RatchetKey(string name) => this.name = name;

    /// <summary>The session with a device.</summary>
    /// <param name="canonicalDevice">The device, addressed by the user's LID if that is known, else by phone.</param>
    public static RatchetKey Session(Jid canonicalDevice) => new($"session {canonicalDevice.ToSignalAddress()}");

    /// <summary>A sender key.</summary>
    public static RatchetKey SenderKey(SenderKeyName key) => new($"sender {key.Group} {key.Sender}");

    public int CompareTo(RatchetKey other) => string.CompareOrdinal(name, other.name);

    public override string ToString() => name;
}
