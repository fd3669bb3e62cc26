using System.Collections.Concurrent;
using Evolution.Client.Dispatch;
using Evolution.Client.Messages.Sending;
using Evolution.Proto;
using Evolution.Protocol.Jids;

namespace Evolution.Client.Messages.Retries;

/// <summary>Asks our own phone for a message that the author does not give again in time.</summary>
internal sealed class PlaceholderRequests(MessagingContext context, PeerSender peer)
{
    private readonly ConcurrentDictionary<(Jid Sender, string Id), CancellationTokenSource> waiting = new();

    /// <summary>Asks after the delay, counted from the stanza's commit, unless the message has come by then.</summary>
    public void ScheduleAfterCommit(Stanza stanza, MessageInfo info, TimeSpan delay) => stanza.AfterCommit(_ =>
    {
        Schedule(info, delay);
        return ValueTask.CompletedTask;
    });

    /// <summary>The message has come.</summary>
    public void Cancel(MessageInfo info)
    {
        // Whoever removes it disposes of it.
        if (!waiting.IsEmpty && waiting.TryRemove((info.CanonicalSender, info.Id), out var source))
        {
            source.Cancel();
            source.Dispose();
        }
    }

    private void Schedule(MessageInfo info, TimeSpan delay)
    {
        var key = (info.CanonicalSender, info.Id);
        var source = new CancellationTokenSource();
        if (!waiting.TryAdd(key, source))
        {
            source.Dispose();
            return;
        }

        var arrived = source.Token;
        if (!context.Background.TryRun("ask the phone for a message", ct => AskAsync(info, delay, arrived, ct)))
            Cancel(info);
    }

    private async Task AskAsync(MessageInfo info, TimeSpan delay, CancellationToken arrived, CancellationToken ct)
    {
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(arrived, ct);
            await Task.Delay(delay, context.Time, either.Token).ConfigureAwait(false);
            await peer.RequestAsync(Request(info), either.Token).ConfigureAwait(false);
        }
        finally
        {
            Cancel(info);
        }
    }

    private static Message.Types.PeerDataOperationRequestMessage Request(MessageInfo info) => new()
    {
        PeerDataOperationRequestType = Message.Types.PeerDataOperationRequestType.PlaceholderMessageResend,
        PlaceholderMessageResendRequest =
        {
            new Message.Types.PeerDataOperationRequestMessage.Types.PlaceholderMessageResendRequest { MessageKey = Key(info) },
        },
    };

    private static MessageKey Key(MessageInfo info)
    {
        var key = new MessageKey { RemoteJid = info.Chat.ToString(), FromMe = info.FromMe, Id = info.Id };
        if (!info.Chat.IsUser)
            key.Participant = info.Sender.ToString();
        return key;
    }
}
