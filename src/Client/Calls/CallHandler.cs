using Evolution.Client.Dispatch;
using Evolution.Client.Stores;

namespace Evolution.Client.Calls;

/// <summary>Handles <c>call</c> stanzas. What an offer says of its call is told with the later ones too.</summary>
internal sealed class CallHandler(WhatsAppEventHandler handler) : IStanzaHandler
{
    private readonly BoundedCache<string, CallKind> kinds = new(256);

    public string Tag => "call";

    public async ValueTask HandleAsync(Stanza stanza, DeviceWriteSet writes, CancellationToken ct)
    {
        if (CallStanzas.Read(stanza.Node) is not { } call)
            return;
        if (call.Kind is { } kind)
            kinds.Set(call.Id, kind);
        else if (kinds.TryGet(call.Id, out var known))
            call = call with { Kind = known };
        await handler(call, writes, ct).ConfigureAwait(false);
    }
}
