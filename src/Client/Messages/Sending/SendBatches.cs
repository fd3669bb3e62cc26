using Evolution.Client.Connection;
using System.Collections.Concurrent;
using Evolution.Client.Dispatch;
using Evolution.Client.Stores;
using Microsoft.Extensions.Logging;

namespace Evolution.Client.Messages.Sending;

/// <summary>
/// Lets messages leave: encrypts, commits, writes them to the connection. A ratchet is locked until the commit of its step, and every direct
/// message steps the one with our own phone; so those that wait are put into one commit by whoever's turn it is.
/// </summary>
internal sealed class SendBatches(MessagingContext context, ILogger<MessageSender> log) : IDisposable
{
    private const int MostAtOnce = 32;

    // What leaves or has left on the present connection and waits for its ack: a resend must not repeat it.
    private readonly ConcurrentDictionary<SentMessageKey, bool> underway = new();
    private readonly ConcurrentQueue<PendingSend> waiting = new();
    private readonly SemaphoreSlim turn = new(1, 1);
    private long lastSentAt;

    /// <summary>What new messages wait for after a reconnect.</summary>
    public ResendBarrier Barrier { get; } = new(context.Time);

    /// <summary>Whether a message leaves or has left on the present connection and was not answered.</summary>
    public bool IsUnderway(SentMessageKey key) => underway.ContainsKey(key);

    /// <summary>The server has answered for a message.</summary>
    public void Answered(SentMessageKey key) => underway.TryRemove(key, out _);

    /// <summary>There is a new connection.</summary>
    public void Forget() => underway.Clear();

    /// <summary>Sends a message, direct ones together with others that wait.</summary>
    /// <returns>Null when it has to be prepared again; nothing was stored or sent.</returns>
    public async Task<MessageInfo?> SendAsync(PendingSend message, CancellationToken ct)
    {
        // Each group has a ratchet of its own, and who was given it is read from the store.
        if (!message.Sent.Chat.IsUser)
        {
            await SendAsync([message]).ConfigureAwait(false);
            return await message.Outcome.ConfigureAwait(false);
        }

        waiting.Enqueue(message);
        try
        {
            await turn.WaitAsync(ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            if (message.TryTake())
                throw;
            return await message.Outcome.ConfigureAwait(false);
        }

        try
        {
            while (!message.IsTaken)
                await SendAsync(Take()).ConfigureAwait(false);
        }
        finally
        {
            turn.Release();
        }

        return await message.Outcome.ConfigureAwait(false);
    }

    public void Dispose() => turn.Dispose();

    private List<PendingSend> Take()
    {
        var batch = new List<PendingSend>();
        while (batch.Count < MostAtOnce && waiting.TryDequeue(out var next))
        {
            if (next.TryTake())
                batch.Add(next);
        }

        return batch;
    }

    private async Task SendAsync(IReadOnlyList<PendingSend> batch)
    {
        var writes = new DeviceWriteSet();
        var ready = new List<PendingSend>(batch.Count);
        var ratchets = new RatchetScope(context.Ratchets, _ => LeaveAsync(ready, writes));
        try
        {
            foreach (var message in batch)
            {
                var own = new DeviceWriteSet { Earlier = writes };
                if (!await TryEncryptAsync(message, ratchets, own).ConfigureAwait(false))
                    continue;
                writes.Merge(own);
                ready.Add(message);
            }

            await LeaveAsync(ready, writes).ConfigureAwait(false);
        }
        finally
        {
            ratchets.Release();
        }
    }

    private async ValueTask<bool> TryEncryptAsync(PendingSend message, RatchetScope ratchets, DeviceWriteSet writes)
    {
        try
        {
            if (await message.AsSenderAsync(() => EncryptAsync(message, ratchets, writes, message.Cancelled)).ConfigureAwait(false))
                return true;
            message.Succeed(null);
        }
#pragma warning disable CA1031 // It goes to the message's sender; the others must not suffer.
        catch (Exception e)
#pragma warning restore CA1031
        {
            message.Fail(e);
        }

        return false;
    }

    private async ValueTask<bool> EncryptAsync(PendingSend message, RatchetScope ratchets, DeviceWriteSet writes, CancellationToken ct)
    {
        if (!await message.Plan.TryLockAsync(ratchets, writes, ct).ConfigureAwait(false))
            return false;
        if (!message.IsResend)
            message.Sent = message.Sent with { SentAt = NextSentAt() };
        var info = await InfoAsync(message.Sent, message.Plan.IsByLid, ct).ConfigureAwait(false);
        message.Encrypted = (info, await message.Plan.EncryptAsync(info, message.Content, writes, ct).ConfigureAwait(false));
        // What is committed is sent until it is acknowledged: what can't leave must not get there.
        if (!StanzaSize.Fits(message.Encrypted.Stanza))
            throw new MessageTooLargeException();
        if (message.IsResend)
            return true;
        writes.SentMessages.Add(message.Sent);
        await context.Handler(new MessageSending(info, message.Content), writes, ct).ConfigureAwait(false);
        return true;
    }

    /// <summary>Commits what these messages changed, then writes them. The locks are still held.</summary>
    private async ValueTask LeaveAsync(List<PendingSend> ready, DeviceWriteSet writes)
    {
        if (ready.Count == 0)
            return;
        foreach (var message in ready)
            underway[message.Key] = true;
        try
        {
            await context.CommitAsync(writes).ConfigureAwait(false);
            foreach (var message in ready)
                await message.AsSenderAsync(() => WriteAsync(message)).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // It goes to the messages' senders.
        catch (Exception e)
#pragma warning restore CA1031
        {
            foreach (var message in ready.Where(message => !message.Outcome.IsCompleted))
            {
                underway.TryRemove(message.Key, out _);
                message.Fail(e);
            }
        }

        ready.Clear();
        writes.Clear();
    }

    private async ValueTask<bool> WriteAsync(PendingSend message)
    {
        var isWritten = false;
        try
        {
            if (Barrier.Current == message.Connection)
            {
                log.Leaving(message.Key.Id);
                await context.Channel.SendAsync(message.Encrypted.Stanza, CancellationToken.None).ConfigureAwait(false);
                isWritten = true;
            }
        }
        catch (ConnectionLostException)
        {
            // It is committed: it leaves after the reconnect.
        }

        if (!isWritten)
        {
            underway.TryRemove(message.Key, out _);
            log.LeftForReconnect(message.Key.Id);
            Barrier.LeaveBehind();
        }

        message.Succeed(message.Encrypted.Info);
        return isWritten;
    }

    private async ValueTask<MessageInfo> InfoAsync(SentMessage sent, bool isByLid, CancellationToken ct)
    {
        var own = context.Own;
        var sender = isByLid && own.Lid is { } lid ? lid.ToUser() : own.Device.ToUser();
        return new MessageInfo(sent.Id, sent.Chat, sender, FromMe: true, DateTimeOffset.FromUnixTimeSeconds(sent.SentAt.ToUnixTimeSeconds()))
        {
            ChatAlt = await context.Addresses.OtherAsync(sent.Chat, null, ct).ConfigureAwait(false),
            SenderAlt = sender.IsLid ? own.Device.ToUser() : own.Lid?.ToUser(),
            SenderDevice = own.Device.Device,
            AddressingMode = isByLid ? "lid" : "pn",
            PushName = context.Credentials.PushName,
        };
    }

    /// <summary>The time, but later than that of the message before: by it the resending knows their order. The locks are held.</summary>
    private DateTimeOffset NextSentAt()
    {
        var now = context.Time.GetUtcNow().ToUnixTimeMilliseconds();
        while (true)
        {
            var last = Volatile.Read(ref lastSentAt);
            var next = Math.Max(now, last + 1);
            if (Interlocked.CompareExchange(ref lastSentAt, next, last) == last)
                return DateTimeOffset.FromUnixTimeMilliseconds(next);
        }
    }
}
