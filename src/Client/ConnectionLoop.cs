using System.Net.Sockets;
using System.Net.WebSockets;
using Evolution.Client.Connection;
using Evolution.Client.Dispatch;
using Evolution.Client.Pairing;
using Evolution.Client.PreKeys;
using Evolution.Client.Stores;
using Evolution.Protocol.Framing;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Noise;
using Microsoft.Extensions.Logging;

namespace Evolution.Client;

/// <summary>Keeps one device connected: makes a connection, serves it until it ends, and does what the reconnect policy says.</summary>
internal sealed partial class ConnectionLoop(ClientContext context, StanzaChannel channel, PreKeyPool preKeys, ClientFeatures features)
{
    private readonly ILogger log = context.Loggers.CreateLogger<ConnectionLoop>();
    private readonly LoginSequence login = new(context, preKeys);
    private WhatsAppVersion version = context.Options.Version;
    private volatile WhatsAppConnection? connection;
    private volatile TaskCompletionSource<PairingFlow> pairing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Task loggingIn = Task.CompletedTask;

    private readonly Lock loginGate = new();

    // The login that a renewal of the connection will lead to; null when none is expected.
    private TaskCompletionSource? renewing;
    private ReconnectHistory history;
    private long? openedAt;

    /// <summary>Waits for a connection that the server has offered to pair.</summary>
    public async Task<PairingFlow> WaitForPairingAsync(CancellationToken ct)
    {
        var flow = await pairing.Task.WaitAsync(ct).ConfigureAwait(false);
        await flow.Offered.WaitAsync(ct).ConfigureAwait(false);
        return flow;
    }

    /// <summary>
    /// Ends when the login that the server has accepted, or that a connection just being renewed will make, has led to an open device, or failed;
    /// it has ended when none is under way.
    /// </summary>
    public Task LoggingIn => loggingIn;

    /// <summary>Wipes the device while no connection is made.</summary>
    public Task LogOutAsync(CancellationToken ct) => ResetAsync(DeviceReset.Wipe, ConnectionEnd.LoggedOutByUs, ct);

    /// <summary>Ends the connection at hand, if there is one.</summary>
    public void Close(ConnectionEnd end) => connection?.Close(end);

    /// <summary>Connects and reconnects until cancelled, logged out, or told by the policy to stop.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        Interlocked.Exchange(ref ending, 0);
        history = default;
        var budget = new QrBudget(context.Options.QrLimit);
        try
        {
            while (true)
            {
                openedAt = null;
                var started = context.Time.GetTimestamp();
                var end = await ServeAsync(budget, ct).ConfigureAwait(false);
                if (ct.IsCancellationRequested && end.Kind != EndKind.LoggedOutByUs)
                    end = ConnectionEnd.Stopped;
                if (openedAt is not null)
                    history = history with { VersionRefreshed = false };
                if (context.Time.GetElapsedTime(openedAt ?? started) >= ReconnectPolicy.StableAfter && end.Kind != EndKind.ConnectFailed)
                    history = history with { Attempt = 0, Restarts = 0 };
                if (!await FollowAsync(end, ct).ConfigureAwait(false))
                    return;
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await AnnounceAsync(new ConnectionStatus(ConnectionState.Closed, DisconnectReason.Stopped)).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            ConnectionLog.LoopFailed(log, e);
            Interlocked.Exchange(ref ending, 1);
            await AnnounceAsync(new ConnectionStatus(ConnectionState.Closed, new DisconnectReason(500, "internal error"))).ConfigureAwait(false);
        }
        finally
        {
            GiveUpRenewal();
        }
    }

    /// <summary>One connection from its beginning to its end.</summary>
    private async Task<ConnectionEnd> ServeAsync(QrBudget budget, CancellationToken ct)
    {
        try
        {
            await context.State.EnsureLoadedAsync(ct).ConfigureAwait(false);
            var credentials = context.State.Credentials;
            ConnectionLog.Connecting(log, context.Options.WebSocketUrl.Host, history.Attempt, credentials.IsPaired ? "login" : "registration");
            await AnnounceAsync(new ConnectionStatus(ConnectionState.Connecting, Status.Reason, null, history.Attempt)).ConfigureAwait(false);

            var payload = ClientPayloads.Build(credentials, context.Options, version);
            var live = await WhatsAppConnection.OpenAsync(
                context.Options, credentials.NoiseKey, credentials.RoutingInfo, payload, context.Time, log, ct).ConfigureAwait(false);
            await using (live.ConfigureAwait(false))
            {
                return await ServeAsync(live, credentials.IsPaired ? null : new PairingFlow(context, budget, live), ct).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return ConnectionEnd.Stopped;
        }
        catch (FencedException e)
        {
            return new ConnectionEnd(EndKind.Fenced, 440, e.Message);
        }
        catch (StoreFailedException e)
        {
            ConnectionLog.StoreFailed(log, e);
            return new ConnectionEnd(EndKind.StoreFailed, 500, "the store failed");
        }
        catch (NoiseException e)
        {
            return new ConnectionEnd(EndKind.Untrusted, 500, e.Message);
        }
        catch (TimeoutException e)
        {
            return new ConnectionEnd(EndKind.ConnectFailed, 408, e.Message);
        }
        catch (Exception e) when (e is WebSocketException or IOException or SocketException or HttpRequestException or FrameFormatException or UriFormatException)
        {
            return new ConnectionEnd(EndKind.ConnectFailed, 428, $"WhatsApp can't be reached: {(e.InnerException ?? e).Message}");
        }
        catch (Exception e)
        {
            // A bug of ours, or a server that does what none ever did: the device keeps trying, and the log says why.
            ConnectionLog.AttemptFailed(log, e);
            return new ConnectionEnd(EndKind.ConnectFailed, 500, $"unexpected: {e.GetType().Name}");
        }
    }

    private async Task<ConnectionEnd> ServeAsync(WhatsAppConnection live, PairingFlow? flow, CancellationToken ct)
    {
        var handlers = new HandlerTable(
        [
            .. features.Handlers,
            .. StreamHandlers.Create(context, live.Close, features.WhenDirty),
            .. flow is null ? [] : PairingHandlers.Create(context, flow, live),
        ]);
        Task settled = Task.CompletedTask;
        var router = new StanzaRouter(context, handlers, live, End);
        await using (router.ConfigureAwait(false))
        {
            channel.Attach(live);
            connection = live;
            try
            {
                if (flow is not null)
                {
                    pairing.TrySetResult(flow);
                    await AnnounceAsync(new ConnectionStatus(ConnectionState.AwaitingScan, null, null, history.Attempt)).ConfigureAwait(false);
                }

                return await live.RunAsync(OnStanzaAsync, ct).ConfigureAwait(false);
            }
            finally
            {
                channel.Detach();
                connection = null;
                pairing = new(TaskCreationOptions.RunContinuationsAsynchronously);
                context.Account.IsAvailable = false;
                await settled.ConfigureAwait(false);
            }
        }

        // Whoever calls while a connection is renewed waits for its login. So it is expected before anybody is told that the connection ends.
        void End(ConnectionEnd end)
        {
            if (ReconnectPolicy.Decide(end, history, 0).Action == ReconnectAction.Restart)
                ExpectRenewal();
            live.Close(end);
        }

        ValueTask OnStanzaAsync(Node node)
        {
            foreach (var see in features.WhenReceiving)
                see(node);
            switch (node.Tag)
            {
                case "success":
                    var loggedIn = BeginLogin();
                    settled = Task.Run(() => LogInAsync(live, node, loggedIn), CancellationToken.None);
                    return ValueTask.CompletedTask;
                case "failure":
                    live.Close(ConnectionEnd.FromFailure(node));
                    return ValueTask.CompletedTask;
                case "stream:error":
                    End(ConnectionEnd.FromStreamError(node));
                    return ValueTask.CompletedTask;
                case "xmlstreamend":
                    live.Close(ConnectionEnd.Closed("the server ended the stream"));
                    return ValueTask.CompletedTask;
                default:
                    return router.RouteAsync(node);
            }
        }
    }

    private void ExpectRenewal()
    {
        lock (loginGate)
        {
            if (renewing is not null)
                return;
            renewing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            loggingIn = renewing.Task;
        }
    }

    private TaskCompletionSource BeginLogin()
    {
        lock (loginGate)
        {
            var begun = renewing ?? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            renewing = null;
            loggingIn = begun.Task;
            return begun;
        }
    }

    private void GiveUpRenewal()
    {
        lock (loginGate)
        {
            renewing?.TrySetResult();
            renewing = null;
        }
    }

    /// <summary>The owner of everything that the login starts; ends with the connection.</summary>
    private async Task LogInAsync(WhatsAppConnection live, Node success, TaskCompletionSource loggedIn)
    {
        try
        {
            var started = context.Time.GetTimestamp();
            await login.LogInAsync(success, live.Ended).ConfigureAwait(false);
            openedAt = context.Time.GetTimestamp();
            foreach (var prepare in features.WhenOpening)
                prepare();
            channel.Open();
            ConnectionLog.Opened(log, (long)context.Time.GetElapsedTime(started).TotalMilliseconds);
            await AnnounceAsync(new ConnectionStatus(ConnectionState.Open)).ConfigureAwait(false);
            loggedIn.TrySetResult();
            await Task.WhenAll([login.SettleAsync(live.Ended), .. features.WhenOpen.Select(action => RunFeatureAsync(action, live.Ended))]).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or ConnectionLostException)
        {
            // The connection has ended, and its cause is known.
        }
        catch (FencedException e)
        {
            live.Close(new ConnectionEnd(EndKind.Fenced, 440, e.Message));
        }
        catch (Exception e)
        {
            ConnectionLog.StoreFailed(log, e);
            live.Close(new ConnectionEnd(EndKind.StoreFailed, 500, "the login failed on our side"));
        }
        finally
        {
            loggedIn.TrySetResult();
        }
    }

    private async Task RunFeatureAsync(Func<CancellationToken, Task> action, CancellationToken ct)
    {
        try
        {
            await action(ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (OperationCanceledException or ConnectionLostException or StoreFailedException or FencedException))
        {
            ConnectionLog.LoginStepFailed(log, action.Method.Name, e);
        }
    }
}
