using Evolution.Protocol.Nodes;

namespace Evolution.Client.Dispatch;

/// <summary>Tag and type → handler. A second handler for the same pair is a programming error.</summary>
internal sealed class HandlerTable
{
    private readonly Dictionary<(string Tag, string? Type), IStanzaHandler> handlers = [];

    public HandlerTable(IEnumerable<IStanzaHandler> all)
    {
        foreach (var handler in all)
        {
            if (!handlers.TryAdd((handler.Tag, handler.Type), handler))
                throw new ArgumentException($"Two handlers for {handler.Tag} {handler.Type}.", nameof(all));
        }
    }

    /// <summary>The most specific handler: for the type and first child, for the type (of <c>ib</c> and <c>iq</c>: the first child), for the tag.</summary>
    public IStanzaHandler? Find(Node stanza)
    {
        var child = stanza.Children.Count > 0 ? stanza.Children[0].Tag : null;
        var type = stanza.Tag is "ib" or "iq" ? child : stanza["type"];
        if (type is not null)
        {
            if (child is not null && handlers.TryGetValue((stanza.Tag, $"{type}/{child}"), out var exact))
                return exact;
            if (handlers.TryGetValue((stanza.Tag, type), out var typed))
                return typed;
        }

        return handlers.GetValueOrDefault((stanza.Tag, null));
    }
}
