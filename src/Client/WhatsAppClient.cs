using Evolution.Client.Connection;
using Evolution.Client.Dispatch;
using Evolution.Client.Media;
using Evolution.Client.Messages;
using Evolution.Client.Messages.Receipts;
using Evolution.Client.Messages.Sending;
using Evolution.Client.PreKeys;
using Evolution.Client.Stores;
using Evolution.Protocol.Jids;
using Microsoft.Extensions.Logging;

namespace Evolution.Client;

/// <summary>
/// One device of a WhatsApp account: pairs, stays connected, sends, and hands what happens to its event handler.
/// Everything it must remember is in the store it was given; two clients must never run on the same device.
/// </summary>
public sealed class WhatsAppClient : IAsyncDisposable
{
    /// <summary>Name of the activity source that has an activity for each stanza which comes in.</summary>
    public const string ActivitySourceName = "Evolution.Client";

    private static readonly TimeSpan PairingTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LogoutTimeout = TimeSpan.FromSeconds(5);

    private readonly ClientContext context;
    private readonly PreKeyPool preKeys;
    private readonly Messaging messaging;
    private readonly ConnectionLoop loop;
    private readonly Lock gate = new();
    private CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;
    private bool disposed;

    /// <param name="options">How the device presents itself, and where it connects.</param>
    /// <param name="store">What the device remembers.</param>
    /// <param name="handler">Told what happens; see <see cref="WhatsAppEventHandler"/>.</param>
    /// <param name="time">The clock.</param>
    /// <param name="loggers">Where to log.</param>
    public WhatsAppClient(WhatsAppClientOptions options, IDeviceStore store, WhatsAppEventHandler handler, TimeProvider time, ILoggerFactory loggers)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(handler);
        ArgumentNullException.ThrowIfNull(time);
        ArgumentNullException.ThrowIfNull(loggers);

        var cached = new CachedDeviceStore(store);
        var channel = new StanzaChannel();
        context = new ClientContext
        {
            Options = options,
            Store = cached,
            State = new DeviceState(cached, time),
            Channel = channel,
            Ratchets = new RatchetLocks(),
            Handler = Guard(handler),
            Background = new BackgroundWork(loggers.CreateLogger<BackgroundWork>()),
            Clock = new ServerClock(time),
            Time = time,
            Loggers = loggers,
        };
        preKeys = new PreKeyPool(context);
        var features = new ClientFeatures();
        features.Handle(new PreKeyNotifications(context, preKeys));
        messaging = new Messaging(context, preKeys);
        features.Handle(messaging.Handlers);
        features.OnDirty("groups", messaging.Groups.ForgetAll);
        features.OnReceiving(messaging.Sender.Observe);
        features.OnOpening(messaging.Sender.Reconnected);
        features.OnOpen(messaging.Sender.KeepResendingAsync);
        loop = new ConnectionLoop(context, channel, preKeys, features);
    }

    /// <summary>The state of the connection, why it is so, and when the client tries again.</summary>
    public ConnectionStatus Status => loop.Status;

    /// <summary>Sends messages.</summary>
    public MessageSender Messages => messaging.Sender;

    /// <summary>Uploads and downloads the files of messages.</summary>
    public MediaFiles Media => messaging.Media;

    /// <summary>Tells what groups are.</summary>
    public Groups.Groups Groups => messaging.Groups;

    /// <summary>Looks up people.</summary>
    public Addressing.Directory Directory => messaging.Directory;

    /// <summary>Reads what people show of themselves.</summary>
    public Profiles.Profiles Profiles => messaging.Profiles;

    /// <summary>Tells authors that their messages were read.</summary>
    public Receipts Receipts => messaging.Receipts;

    /// <summary>Shows others what we do, and asks to see the same of them.</summary>
    public Presence.Presence Presence => messaging.Presence;

    /// <summary>Refuses calls.</summary>
    public Calls.Calls Calls => messaging.Calls;

    /// <summary>The own device's phone JID; null until paired.</summary>
    public Jid? Device => context.State.Current?.Device;

    /// <summary>The own device's LID; null until known.</summary>
    public Jid? Lid => context.State.Current?.Lid;

    /// <summary>
    /// Connects and stays connected until stopped or logged out. Returns at once. While the client waits for its next try, it tries at once;
    /// while it is connected, nothing happens. May be called from an event handler, also from the one that learns that the client stops.
    /// </summary>
    /// <exception cref="ObjectDisposedException">The client was disposed.</exception>
    public void Start()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            var ending = loop.TakeEnding() || stopping.IsCancellationRequested;
            if (!running.IsCompleted && !ending)
            {
                loop.TryNow();
                return;
            }

            var (earlier, over) = (running, stopping);
            stopping = new CancellationTokenSource();
            var token = stopping.Token;
            // The connection outlives whoever asked for it: nothing of theirs, such as a request's activity, goes with it.
            using (ExecutionContext.SuppressFlow())
                running = Task.Run(() => RunAfterAsync(earlier, over, token), CancellationToken.None);
        }
    }

    /// <summary>
    /// Waits while a login is under way that the server has accepted or that a connection just being renewed will make: afterwards the device is open,
    /// or the login has failed. Returns at once when there is none; a server that has not answered a first connection yet is not waited for.
    /// </summary>
    public async Task WaitForLoginAsync(CancellationToken ct)
    {
        // The one that is waited for may itself be cut short by a renewal.
        while (loop.LoggingIn is { IsCompleted: false } login)
            await login.WaitAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Whether a login is under way: the server has accepted it, or the connection is being renewed.</summary>
    public bool IsLoggingIn => !loop.LoggingIn.IsCompleted;

    /// <summary>Ends the connection and waits until what was being handled is stored. The device stays paired; <see cref="Start"/> connects again.</summary>
    public async Task StopAsync(CancellationToken ct)
    {
        Task ending;
        lock (gate)
        {
            stopping.Cancel();
            ending = running;
        }

        await ending.WaitAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Asks for a code that links this device when it is typed into the phone with this number. The client must be started and not paired.</summary>
    /// <param name="phoneDigits">The phone's number with country code, digits only.</param>
    /// <returns>Eight characters, to be shown as XXXX-XXXX. They are valid until the QR codes of the same connection end.</returns>
    /// <exception cref="ArgumentException">The number has other characters than digits.</exception>
    /// <exception cref="InvalidOperationException">The device is paired already, or not started.</exception>
    /// <exception cref="TimeoutException">The server did not offer to pair within 30 s.</exception>
    /// <exception cref="IqException">The server refused.</exception>
    public async Task<string> RequestPairingCodeAsync(string phoneDigits, CancellationToken ct)
    {
        ArgumentException.ThrowIfNullOrEmpty(phoneDigits);
        if (!phoneDigits.All(char.IsAsciiDigit))
            throw new ArgumentException("The number must have digits only, with country code.", nameof(phoneDigits));
        if (running.IsCompleted || context.State.Current is { IsPaired: true })
            throw new InvalidOperationException("A pairing code needs a client that was started and is not paired.");
        using var deadline = new CancellationTokenSource(PairingTimeout, context.Time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            var flow = await loop.WaitForPairingAsync(both.Token).ConfigureAwait(false);
            return await flow.RequestCodeAsync(Jid.ForPhone(phoneDigits), both.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (deadline.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new TimeoutException($"The server did not offer to pair within {PairingTimeout.TotalSeconds} s.", e);
        }
    }

    /// <summary>
    /// Removes this device from the account and forgets its identity, whether or not the server can be told.
    /// </summary>
    public async Task LogoutAsync(CancellationToken ct)
    {
        await context.State.EnsureLoadedAsync(ct).ConfigureAwait(false);
        if (context.State.Credentials.Device is { } device && context.Channel.IsOpen)
        {
            try
            {
                await context.Channel.QueryAsync(ConnectionStanzas.RemoveCompanion(context.Channel.NextId(), device), LogoutTimeout, ct).ConfigureAwait(false);
            }
            catch (Exception e) when (e is ConnectionLostException or TimeoutException or IqException)
            {
                // The phone may go on showing the device; its owner can remove it there. Here it ends all the same.
                ConnectionLog.LogoutUnconfirmed(context.Loggers.CreateLogger<WhatsAppClient>(), e);
            }
        }

        loop.Close(ConnectionEnd.LoggedOutByUs);
        await StopAsync(ct).ConfigureAwait(false);
        if (loop.Status.State != ConnectionState.LoggedOut)
            await loop.LogOutAsync(ct).ConfigureAwait(false);
    }

    /// <summary>Stops the client for good.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            if (disposed)
                return;
            disposed = true;
        }

        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        await context.Background.DisposeAsync().ConfigureAwait(false);
        messaging.Dispose();
        preKeys.Dispose();
        context.State.Dispose();
        stopping.Dispose();
    }

    /// <summary>Runs the loop once an earlier run, which may be telling of its end just now, is over.</summary>
    private async Task RunAfterAsync(Task earlier, CancellationTokenSource over, CancellationToken ct)
    {
        await earlier.ConfigureAwait(false);
        over.Dispose();
        await loop.RunAsync(ct).ConfigureAwait(false);
    }

    private static WhatsAppEventHandler Guard(WhatsAppEventHandler handler) => async (e, writes, ct) =>
    {
        try
        {
            await handler(e, writes, ct).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not FencedException && !(failure is OperationCanceledException && ct.IsCancellationRequested))
        {
            throw new EventHandlerFailedException(failure);
        }
    };
}
