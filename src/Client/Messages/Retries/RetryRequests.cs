using Evolution.Client.Dispatch;
using Evolution.Client.Messages.Receiving;
using Evolution.Client.PreKeys;
using Evolution.Client.Stores;
using Evolution.Protocol.Signal;

namespace Evolution.Client.Messages.Retries;

/// <summary>
/// Asks for messages that could not be read: the author by a retry receipt, a little later our own phone. The counters are stored, so that
/// a restart goes on where it was, and a message that was answered both ways is announced once.
/// </summary>
internal sealed class RetryRequests(MessagingContext context, PreKeyPool preKeys, PlaceholderRequests phone)
{
    /// <summary>What came of asking.</summary>
    /// <param name="IsAsked">Whether the message was asked for.</param>
    /// <param name="IsFirst">Whether it failed for the first time.</param>
    internal readonly record struct Outcome(bool IsAsked, bool IsFirst);

    /// <summary>Asks the author to encrypt the message again, unless that was done often enough or is of no use.</summary>
    public async ValueTask<Outcome> AskAsync(
        Stanza stanza, IncomingMessage message, DecryptionFailure failure, DeviceWriteSet writes, CancellationToken ct)
    {
        if (message.IsPeer)
            return new Outcome(IsAsked: false, IsFirst: true);
        var now = context.Clock.Now;
        var key = RetryPolicy.Asked(message.Info);
        var state = await LoadAsync(key, writes, ct).ConfigureAwait(false);
        if (state is { Count: RetryPolicy.Answered })
            return new Outcome(IsAsked: false, IsFirst: false);

        var isFirst = state is null;
        var before = Math.Max(state?.Count ?? 0, message.Info.RetryCount);
        if (before >= RetryPolicy.MaxCount || (message.Info.Chat.IsStatus && now - message.Info.Timestamp > RetryPolicy.StatusAge))
            return new Outcome(IsAsked: false, isFirst);

        var count = before + 1;
        // Without a pairwise part there may be no session at all, so the author gets our keys at once.
        var withKeys = count > 1 || !message.Parts.Any(part => part.IsPairwise) || failure.NeedsKeys;
        PreKey? preKey = withKeys ? await preKeys.IssueAsync(writes, ct).ConfigureAwait(false) : null;
        stanza.Reply(RetryStanzas.Request(stanza.Node, count, context.Credentials, preKey));
        writes.Retries[key] = new RetryState(count, now);
        if (count == 1 && !message.Info.Chat.IsStatus)
            phone.ScheduleAfterCommit(stanza, message.Info, RetryPolicy.PhoneDelay);
        return new Outcome(IsAsked: true, isFirst);
    }

    /// <summary>Asks our phone for a message that came without content.</summary>
    public async ValueTask<bool> AskPhoneForAbsentAsync(Stanza stanza, IncomingMessage message, DeviceWriteSet writes, CancellationToken ct)
    {
        var now = context.Clock.Now;
        var key = RetryPolicy.Asked(message.Info);
        if (now - message.Info.Timestamp > RetryPolicy.PlaceholderAge || await LoadAsync(key, writes, ct).ConfigureAwait(false) is not null)
            return false;
        writes.Retries[key] = new RetryState(0, now);
        phone.ScheduleAfterCommit(stanza, message.Info, RetryPolicy.AbsentDelay);
        return true;
    }

    /// <summary>A message could be read: whatever was asked for is answered. False when another copy of it was read before.</summary>
    public async ValueTask<bool> ResolveAsync(MessageInfo info, bool mayBeCopy, DeviceWriteSet writes, CancellationToken ct)
    {
        phone.Cancel(info);
        if (!mayBeCopy)
            return true;
        var key = RetryPolicy.Asked(info);
        var state = await LoadAsync(key, writes, ct).ConfigureAwait(false);
        if (state is { Count: RetryPolicy.Answered })
            return false;
        if (state is not null)
            writes.Retries[key] = new RetryState(RetryPolicy.Answered, context.Clock.Now);
        return true;
    }

    /// <summary>Our phone sent a message: true when it was asked for and no other copy has come.</summary>
    public async ValueTask<bool> ResolveFromPhoneAsync(MessageInfo info, DeviceWriteSet writes, CancellationToken ct) =>
        await LoadAsync(RetryPolicy.Asked(info), writes, ct).ConfigureAwait(false) is not null
        && await ResolveAsync(info, mayBeCopy: true, writes, ct).ConfigureAwait(false);

    private async ValueTask<RetryState?> LoadAsync(RetryKey key, DeviceWriteSet writes, CancellationToken ct)
    {
        for (var set = writes; set is not null; set = set.Earlier)
        {
            if (set.Retries.TryGetValue(key, out var pending))
                return pending;
        }

        return await context.Store.LoadRetryAsync(key, ct).ConfigureAwait(false);
    }
}
