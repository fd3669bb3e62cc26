using System.Security.Cryptography;
using Evolution.Client.Connection;
using Evolution.Client.Stores;

namespace Evolution.Client;

internal sealed partial class ConnectionLoop
{
    // Task.Delay takes no more; nobody is banned for longer in one go.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(45);
    private static readonly TimeSpan RefreshTimeout = TimeSpan.FromSeconds(10);

    // For the disk, which works in real time.
    private static readonly TimeSpan PublishTimeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ResetRetry = TimeSpan.FromSeconds(5);

    private volatile ConnectionStatus status = ConnectionStatus.NotStarted;
    private volatile TaskCompletionSource wake = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // 1 from the moment on from which the loop goes on no more, though it may still be telling so.
    private int ending;

    public ConnectionStatus Status => status;

    /// <summary>Whether the loop is about to end; true once for each end.</summary>
    public bool TakeEnding() => Interlocked.Exchange(ref ending, 0) == 1;

    /// <summary>Ends the wait for the next try.</summary>
    public void TryNow() => wake.TrySetResult();

    /// <summary>Does what the policy says; true when another connection is to be made.</summary>
    private async Task<bool> FollowAsync(ConnectionEnd end, CancellationToken ct)
    {
        if (end.Condition is "ack" or "xml-not-well-formed")
            ConnectionLog.StanzaRejected(log, end.Condition);
        var decision = ReconnectPolicy.Decide(end, history, Jitter());
        ConnectionLog.Ended(log, end.Kind, end.Code, end.Text, decision.Action, decision.Delay.TotalSeconds);
        var reason = new DisconnectReason(end.Code, end.Text);
        if (decision.Action != ReconnectAction.Restart)
            GiveUpRenewal();
        switch (decision.Action)
        {
            case ReconnectAction.Restart:
                history = history with { Restarts = history.Restarts + 1 };
                return true;
            case ReconnectAction.Wait:
                history = history with { Attempt = history.Attempt + 1 };
                await WaitAsync(decision.Delay, reason, ct).ConfigureAwait(false);
                return true;
            case ReconnectAction.RefreshVersion when await RefreshVersionAsync(ct).ConfigureAwait(false):
                history = history with { VersionRefreshed = true };
                return true;
        }

        Interlocked.Exchange(ref ending, 1);
        switch (decision.Action)
        {
            case ReconnectAction.LogOut:
                await AnnounceAsync(new ConnectionStatus(ConnectionState.LoggedOut, reason)).ConfigureAwait(false);
                await PublishAsync(new LoggedOut(end.Code, end.Text)).ConfigureAwait(false);
                return false;
            case ReconnectAction.LogOutAndArchive:
                await ResetAsync(DeviceReset.Archive, end, ct).ConfigureAwait(false);
                return false;
            case ReconnectAction.LogOutAndWipe:
                await ResetAsync(DeviceReset.Wipe, end, ct).ConfigureAwait(false);
                return false;
            default:
                await AnnounceAsync(new ConnectionStatus(ConnectionState.Closed, reason, null, history.Attempt)).ConfigureAwait(false);
                if (end.Kind == EndKind.QrExhausted)
                    await PublishAsync(new QrCodesExhausted()).ConfigureAwait(false);
                return false;
        }
    }

    private async Task WaitAsync(TimeSpan delay, DisconnectReason reason, CancellationToken ct)
    {
        var length = delay < LongestWait ? delay : LongestWait;
        wake = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var timer = Task.Delay(length, context.Time, over.Token);
        await AnnounceAsync(new ConnectionStatus(ConnectionState.Closed, reason, context.Time.GetUtcNow() + length, history.Attempt)).ConfigureAwait(false);
        await Task.WhenAny(timer, wake.Task).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        ct.ThrowIfCancellationRequested();
    }

    /// <summary>Whether there is another version to try.</summary>
    private async Task<bool> RefreshVersionAsync(CancellationToken ct)
    {
        if (context.Options.RefreshVersion is not { } refresh)
            return false;
        using var deadline = new CancellationTokenSource(RefreshTimeout, context.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            if (await refresh(both.Token).ConfigureAwait(false) is not { } newer || newer == version)
                return false;
            version = newer;
            ConnectionLog.VersionRefreshed(log, version);
            return true;
        }
        catch (Exception e) when (!ct.IsCancellationRequested)
        {
            ConnectionLog.RefreshFailed(log, version, e);
            return false;
        }
    }

    /// <summary>Removes the identity together with what the application writes about it. Repeated until it is stored: a half-forgotten identity helps nobody.</summary>
    private async Task ResetAsync(DeviceReset reset, ConnectionEnd end, CancellationToken ct)
    {
        status = new ConnectionStatus(ConnectionState.LoggedOut, new DisconnectReason(end.Code, end.Text));
        while (true)
        {
            using var deadline = new CancellationTokenSource(PublishTimeout);
            try
            {
                await context.State.ResetAsync(
                    reset,
                    async (writes, cancel) =>
                    {
                        await context.Handler(new ConnectionChanged(status), writes, cancel).ConfigureAwait(false);
                        await context.Handler(new LoggedOut(end.Code, end.Text), writes, cancel).ConfigureAwait(false);
                    },
                    deadline.Token).ConfigureAwait(false);
                preKeys.Reset();
                return;
            }
            catch (Exception e) when (e is not FencedException)
            {
                ConnectionLog.AnnouncementFailed(log, nameof(LoggedOut), e);
            }

            await Task.Delay(ResetRetry, context.Time, ct).ConfigureAwait(false);
        }
    }

    private async Task AnnounceAsync(ConnectionStatus next)
    {
        status = next;
        await PublishAsync(new ConnectionChanged(next)).ConfigureAwait(false);
    }

    /// <summary>A state that can't be announced is still the state: the loop goes on.</summary>
    private async Task PublishAsync(WhatsAppEvent e)
    {
        using var deadline = new CancellationTokenSource(PublishTimeout);
        try
        {
            await context.PublishAsync(e, deadline.Token).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            ConnectionLog.AnnouncementFailed(log, e.GetType().Name, failure);
        }
    }

    private static double Jitter() => (RandomNumberGenerator.GetInt32(-1000, 1001) / 1000d);
}
