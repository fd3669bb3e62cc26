using System.Collections.Concurrent;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Connection;

/// <summary>Who waits for an answer with which id. Iq results and message acks share the ids, as on the wire.</summary>
internal sealed class StanzaWaiters
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Node>> waiters = new(StringComparer.Ordinal);
    private volatile ConnectionLostException? closed;

    /// <summary>Registers a waiter; must be done before the stanza leaves. Give it back with <see cref="Remove"/>.</summary>
    /// <exception cref="ConnectionLostException">The connection has ended.</exception>
    /// <exception cref="ArgumentException">Somebody waits for this id already.</exception>
    public Task<Node> Add(string id)
    {
        var waiter = new TaskCompletionSource<Node>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!waiters.TryAdd(id, waiter))
            throw new ArgumentException($"The answer to {id} is already waited for.", nameof(id));
        if (closed is { } end && waiters.TryRemove(id, out _))
            throw new ConnectionLostException(end.Message);
        return waiter.Task;
    }

    public void Remove(string id) => waiters.TryRemove(id, out _);

    /// <summary>Completes the waiter of an answer; false when nobody waits for it.</summary>
    public bool Complete(string id, Node answer) => waiters.TryRemove(id, out var waiter) && waiter.TrySetResult(answer);

    /// <summary>Fails everybody who waits, now and later.</summary>
    public void Close(string reason)
    {
        closed = new ConnectionLostException(reason);
        foreach (var id in waiters.Keys)
        {
            if (waiters.TryRemove(id, out var waiter))
                waiter.TrySetException(new ConnectionLostException(reason));
        }
    }
}
