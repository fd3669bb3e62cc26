using Evolution.Client.Connection;
using Evolution.Client.Stores;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Microsoft.Extensions.Logging;

namespace Evolution.Client.Dispatch;

/// <summary>
/// Gives every stanza of one connection to its handler: in order within a chat, chats in parallel, each chat's waiting stanzas bounded.
/// A failed commit or a full lane ends the connection through the callback it was given; what was not acknowledged comes again.
/// </summary>
internal sealed class StanzaRouter : IAsyncDisposable
{
    /// <summary>How many chats are handled at the same time.</summary>
    private const int ParallelLanes = 64;

    /// <summary>How many stanzas wait in all lanes together before new ones are left to the server.</summary>
    private const int TotalCapacity = 16 * 1024;

    /// <summary>How many stanzas of a lane share a commit.</summary>
    private const int BatchSize = 32;

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    private readonly ClientContext context;
    private readonly LaneWorker worker;
    private readonly HandlerTable handlers;
    private readonly Action<ConnectionEnd> renew;
    private readonly ILogger log;
    private readonly Lock gate = new();
    private readonly Dictionary<Jid, ChatLane> lanes = [];
    private readonly SemaphoreSlim slots = new(ParallelLanes, ParallelLanes);
    private readonly CancellationTokenSource stopping = new();
    private TaskCompletionSource? idle;
    private int active;
    private int queued;
    private bool overflowed;

    public StanzaRouter(ClientContext context, HandlerTable handlers, IStanzaChannel connection, Action<ConnectionEnd> renew)
    {
        this.context = context;
        this.handlers = handlers;
        this.renew = renew;
        log = context.Loggers.CreateLogger<StanzaRouter>();
        worker = new LaneWorker(context, handlers, connection, log);
    }

    /// <summary>Queues a stanza in its chat's lane.</summary>
    public async ValueTask RouteAsync(Node node)
    {
        if (handlers.Find(node) is null && !Acks.AreExpectedFor(node) && node.Tag != "iq")
        {
            DispatchLog.Ignored(log, node.Tag);
            return;
        }

        var chat = LaneNames.ChatOf(node, context.State.Credentials);
        var other = chat.IsUser ? await FindOtherAsync(chat).ConfigureAwait(false) : null;
        ChatLane lane;
        lock (gate)
        {
            if (stopping.IsCancellationRequested)
                return;
            lane = FindLane(chat, other);
            if (!lane.TryEnqueue(node, queued < TotalCapacity))
            {
                if (!overflowed)
                    DispatchLog.LaneFull(log);
                overflowed = true;
                return;
            }

            queued++;
            if (lane.IsActive)
                return;
            lane.IsActive = true;
            active++;
        }

        // WorkAsync catches everything; DisposeAsync awaits it through the count of active lanes.
        _ = Task.Run(() => WorkAsync(lane), CancellationToken.None);
    }

    /// <summary>Stops taking stanzas, drops what waits, and awaits what is being handled.</summary>
    public async ValueTask DisposeAsync()
    {
        Task finished;
        lock (gate)
        {
            stopping.Cancel();
            idle = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (active == 0)
                idle.SetResult();
            finished = idle.Task;
        }

        try
        {
            await finished.WaitAsync(StopTimeout, context.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The ratchet locks still keep its records safe from the next connection.
            DispatchLog.StillBusy(log, active);
        }
    }

    private ChatLane FindLane(Jid chat, Jid? other)
    {
        // While a lane under the person's other name has work, what follows must queue behind it.
        if (lanes.TryGetValue(chat, out var lane) || (other is { } alternative && lanes.TryGetValue(alternative, out lane)))
            return lane;
        var name = other is { IsLid: true } lid ? lid : chat;
        return lanes[name] = new ChatLane(name);
    }

    private async ValueTask<Jid?> FindOtherAsync(Jid user)
    {
        var known = user.IsLid
            ? await context.Store.LoadPhonesAsync([user], stopping.Token).ConfigureAwait(false)
            : await context.Store.LoadLidsAsync([user], stopping.Token).ConfigureAwait(false);
        return known.TryGetValue(user, out var other) ? other : null;
    }

    private async Task WorkAsync(ChatLane lane)
    {
        try
        {
            while (NextBatch(lane) is { Count: > 0 } batch)
            {
                await slots.WaitAsync(stopping.Token).ConfigureAwait(false);
                try
                {
                    await worker.HandleAsync(lane.Chat, batch, stopping.Token).ConfigureAwait(false);
                }
                finally
                {
                    slots.Release();
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The connection ends; what was not acknowledged comes again.
        }
        catch (FencedException e)
        {
            Fail(new ConnectionEnd(EndKind.Fenced, 440, e.Message));
        }
        catch (ConnectionLostException)
        {
            // The connection has ended already. The lane must not go on: the next stanza would overtake.
            Fail(ConnectionEnd.Closed("the connection was lost"));
        }
        catch (Exception e)
        {
            DispatchLog.LaneFailed(log, e);
            Fail(new ConnectionEnd(EndKind.StoreFailed, 500, e is EventHandlerFailedException ? "the event handler failed" : "the store failed"));
        }
        finally
        {
            Finish(lane);
        }
    }

    private List<Node>? NextBatch(ChatLane lane)
    {
        lock (gate)
        {
            if (stopping.IsCancellationRequested)
                return null;
            var batch = lane.Take(BatchSize);
            queued -= batch.Count;
            if (batch.Count > 0)
                return batch;
            lane.IsActive = false;
            if (!lane.Overflowed)
                lanes.Remove(lane.Chat);
            if (!lane.Overflowed && !(overflowed && queued == 0))
                return null;
        }

        renew(ConnectionEnd.LaneFull);
        return null;
    }

    /// <summary>No lane handles anything more: memory and store may differ, or order is in danger.</summary>
    private void Fail(ConnectionEnd end)
    {
        renew(end);
        stopping.Cancel();
    }

    private void Finish(ChatLane lane)
    {
        lock (gate)
        {
            lane.IsActive = false;
            if (--active == 0)
                idle?.TrySetResult();
        }
    }
}
