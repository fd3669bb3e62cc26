using Evolution.Client.Dispatch;
using Evolution.Client.Stores;

namespace Evolution.Client.PreKeys;

/// <summary>The server tells that it has few of our one-time keys left.</summary>
internal sealed class PreKeyNotifications(ClientContext context, PreKeyPool pool) : IStanzaHandler
{
    public string Tag => "notification";

    public string Type => "encrypt/count";

    public ValueTask HandleAsync(Stanza stanza, DeviceWriteSet writes, CancellationToken ct)
    {
        if (stanza.Node.Child("count")?.LongOf("value") is < PreKeyPool.RefillCount)
            context.Background.TryRun("pre-key refill", pool.RefillAsync);
        return ValueTask.CompletedTask;
    }
}
