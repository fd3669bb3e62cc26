using Evolution.Client.Stores;
using Evolution.Proto;
using Google.Protobuf;

namespace Evolution.Client.AppState;

/// <summary>The app-state keys in a share of our phone.</summary>
internal static class SharedKeys
{
    public static IEnumerable<AppStateKey> In(Message.Types.AppStateSyncKeyShare share) =>
        from key in share.Keys
        where key.KeyId is { HasKeyId: true } && key.KeyData is { HasKeyData: true }
        select new AppStateKey(
            key.KeyId.KeyId.ToByteArray(),
            key.KeyData.KeyData.ToByteArray(),
            key.KeyData.Fingerprint?.ToByteArray() ?? [],
            Time(key.KeyData.Timestamp));

    // Seconds, as the phone sends them; milliseconds have been seen in other fields of this kind.
    private static DateTimeOffset Time(long timestamp) =>
        timestamp > 100_000_000_000 ? DateTimeOffset.FromUnixTimeMilliseconds(timestamp) : DateTimeOffset.FromUnixTimeSeconds(Math.Max(0, timestamp));
}
