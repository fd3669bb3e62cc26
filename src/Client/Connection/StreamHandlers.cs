using Evolution.Client.Dispatch;
using Evolution.Client.Stores;

namespace Evolution.Client.Connection;

/// <summary>What the server says about the stream: <c>&lt;ib&gt;</c> stanzas (Baileys, src/Socket/socket.ts and src/Socket/chats.ts).</summary>
internal static class StreamHandlers
{
    /// <summary>How many waiting stanzas the server shall deliver at once.</summary>
    private const int OfflineBatch = 100;

    /// <param name="reload">Forgets what the server says has changed, by the name the server has for it.</param>
    public static IEnumerable<IStanzaHandler> Create(ClientContext context, Action<ConnectionEnd> close, IReadOnlyDictionary<string, Action> reload) =>
    [
        new OfflinePreview(),
        new OfflineDone(context),
        new EdgeRouting(context),
        new Dirty(context, reload),
        new Downgrade(close),
    ];

    private sealed class OfflinePreview : IStanzaHandler
    {
        public string Tag => "ib";

        public string Type => "offline_preview";

        public ValueTask HandleAsync(Stanza stanza, DeviceWriteSet writes, CancellationToken ct)
        {
            stanza.AlsoSend(ConnectionStanzas.OfflineBatch(OfflineBatch));
            return ValueTask.CompletedTask;
        }
    }

    private sealed class OfflineDone(ClientContext context) : IStanzaHandler
    {
        public string Tag => "ib";

        public string Type => "offline";

        public ValueTask HandleAsync(Stanza stanza, DeviceWriteSet writes, CancellationToken ct)
        {
            var count = (int)(stanza.Node.Child("offline")!.LongOf("count") ?? 0);
            return context.Handler(new OfflineDelivered(count), writes, ct);
        }
    }

    private sealed class EdgeRouting(ClientContext context) : IStanzaHandler
    {
        public string Tag => "ib";

        public string Type => "edge_routing";

        public async ValueTask HandleAsync(Stanza stanza, DeviceWriteSet writes, CancellationToken ct)
        {
            if (stanza.Node.Child("edge_routing")!.Child("routing_info") is not { Bytes.IsEmpty: false } info)
                return;
            if (!info.Bytes.Span.SequenceEqual(context.State.Credentials.RoutingInfo))
                await context.State.UpdateAsync(c => c with { RoutingInfo = info.Bytes.ToArray() }, ct).ConfigureAwait(false);
        }
    }

    private sealed class Dirty(ClientContext context, IReadOnlyDictionary<string, Action> reload) : IStanzaHandler
    {
        public string Tag => "ib";

        public string Type => "dirty";

        public async ValueTask HandleAsync(Stanza stanza, DeviceWriteSet writes, CancellationToken ct)
        {
            var dirty = stanza.Node.Child("dirty")!;
            if (dirty["type"] is { } type && reload.TryGetValue(type, out var forget))
            {
                forget();
                stanza.AlsoSend(ConnectionStanzas.CleanDirty(context.Channel.NextId(), type, null));
                return;
            }

            // Other kinds stay dirty until the feature that reloads them cleans them: the server names them again at the next login.
            if (dirty["type"] != "account_sync" || dirty["timestamp"] is not { } timestamp)
                return;
            var previous = context.State.Credentials.AccountSyncTimestamp;
            await context.State.UpdateAsync(c => c with { AccountSyncTimestamp = timestamp }, ct).ConfigureAwait(false);
            if (previous is not null)
                stanza.AlsoSend(ConnectionStanzas.CleanDirty(context.Channel.NextId(), "account_sync", previous));
        }
    }

    private sealed class Downgrade(Action<ConnectionEnd> close) : IStanzaHandler
    {
        public string Tag => "ib";

        public string Type => "downgrade_webclient";

        public ValueTask HandleAsync(Stanza stanza, DeviceWriteSet writes, CancellationToken ct)
        {
            close(ConnectionEnd.NoMultiDevice);
            return ValueTask.CompletedTask;
        }
    }
}
