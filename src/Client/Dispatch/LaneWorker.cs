using Evolution.Client.Connection;
using Evolution.Client.Stores;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Microsoft.Extensions.Logging;

namespace Evolution.Client.Dispatch;

/// <summary>
/// Handles a few stanzas of one chat: each by its handler into a write set of its own, all sets in one commit, then the replies.
/// A handler that fails spoils only its own stanza, which is refused; a store or event handler that fails stops the chat.
/// </summary>
internal sealed class LaneWorker(ClientContext context, HandlerTable handlers, IStanzaChannel connection, ILogger log)
{
    /// <summary>A commit that takes longer has failed, as far as we can tell.</summary>
    private static readonly TimeSpan CommitTimeout = TimeSpan.FromSeconds(30);

    public async Task HandleAsync(Jid chat, IReadOnlyList<Node> nodes, CancellationToken ct)
    {
        var batch = new Batch();
        var ratchets = new RatchetScope(context.Ratchets, cancel => CommitAsync(batch, cancel));
        try
        {
            foreach (var node in nodes)
            {
                ct.ThrowIfCancellationRequested();
                var stanza = new Stanza(node, chat, ratchets);
                var writes = new DeviceWriteSet { Earlier = batch.Writes };
                if (await TryHandleAsync(stanza, writes, ct).ConfigureAwait(false))
                    batch.Writes.Merge(writes);
                batch.Handled.Add(stanza);
            }

            await CommitAsync(batch, ct).ConfigureAwait(false);
        }
        finally
        {
            ratchets.Release();
        }
    }

    private async Task<bool> TryHandleAsync(Stanza stanza, DeviceWriteSet writes, CancellationToken ct)
    {
        using var activity = ClientTracing.Source.StartActivity("stanza");
        try
        {
            if (handlers.Find(stanza.Node) is { } handler)
                await handler.HandleAsync(stanza, writes, ct).ConfigureAwait(false);
            else
                DispatchLog.Unknown(log, stanza.Node.Tag, stanza.Node["type"]);
            DispatchLog.Handled(log, stanza.Node.Tag, stanza.Node["id"]);
            return true;
        }
        catch (Exception e) when (e is StoreFailedException or EventHandlerFailedException or FencedException or ConnectionLostException
            || (e is OperationCanceledException && ct.IsCancellationRequested))
        {
            throw;
        }
        catch (Exception e)
        {
            DispatchLog.HandlerFailed(log, stanza.Node.Tag, stanza.Node["type"], e);
            stanza.Refuse(Acks.UnhandledError);
            return false;
        }
    }

    /// <summary>Commits what the stanzas so far changed, then acknowledges them. The locks are still held.</summary>
    private async ValueTask CommitAsync(Batch batch, CancellationToken ct)
    {
        if (!batch.Writes.IsEmpty)
        {
            // Not cancelled by the connection's end: an interrupted commit would only leave its outcome unknown.
            // In real time, as the disk works.
            using var deadline = new CancellationTokenSource(CommitTimeout);
            await context.Store.CommitAsync(batch.Writes, deadline.Token).ConfigureAwait(false);
        }

        var handled = batch.Handled.ToArray();
        batch.Writes.Clear();
        batch.Handled.Clear();
        foreach (var stanza in handled)
            await FinishAsync(stanza, ct).ConfigureAwait(false);
    }

    private async Task FinishAsync(Stanza stanza, CancellationToken ct)
    {
        foreach (var reply in RepliesTo(stanza))
            await connection.SendAsync(reply, ct).ConfigureAwait(false);
        foreach (var action in stanza.AfterCommitActions)
        {
            try
            {
                await action(ct).ConfigureAwait(false);
            }
            catch (Exception e) when (e is not (OperationCanceledException or ConnectionLostException or StoreFailedException or FencedException))
            {
                DispatchLog.AfterCommitFailed(log, stanza.Node.Tag, e);
            }
        }
    }

    private IEnumerable<Node> RepliesTo(Stanza stanza)
    {
        if (stanza.Refusal is { } error)
            return Acks.AreExpectedFor(stanza.Node) ? [Acks.Build(stanza.Node, context.State.Credentials.Device, error)] : [];
        if (stanza.ReplacesDefaultAck)
            return stanza.Replies;
        if (Acks.AreExpectedFor(stanza.Node))
            return [Acks.Build(stanza.Node, context.State.Credentials.Device), .. stanza.Replies];
        return stanza.Node.Tag == "iq" ? [ConnectionStanzas.Result(stanza.Node), .. stanza.Replies] : stanza.Replies;
    }

    private sealed class Batch
    {
        public DeviceWriteSet Writes { get; } = new();

        public List<Stanza> Handled { get; } = [];
    }
}
