using System.Security.Cryptography.X509Certificates;
using Evolution.Client;
using Evolution.Client.Stores;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Noise;
using Evolution.Simulator;
using Evolution.Simulator.Phones;
using Microsoft.Extensions.Logging.Abstractions;

namespace Evolution.Interop.Tests;

/// <summary>Our own client on a simulator, with a store in memory and a log of what it told.</summary>
internal sealed class OurDevice : IAsyncDisposable
{
    private readonly InMemoryDeviceStore _store = new();
    private readonly WhatsAppClientOptions _options;

    public OurDevice(SimulatorHost simulator, Func<WhatsAppClientOptions, WhatsAppClientOptions>? configure = null)
    {
        var options = new WhatsAppClientOptions
        {
            WebSocketUrl = simulator.WebSocketUrl,
            NoiseRoot = new NoiseRoot(simulator.RootKey),
            MediaHandler = () => Trusting(simulator.MediaCa),
        };
        _options = configure?.Invoke(options) ?? options;
        Client = MakeClient();
    }

    public WhatsAppClient Client { get; private set; }

    public EventLog<WhatsAppEvent> Events { get; } = new("our client");

    /// <summary>Shows a code and is linked by it, also anew after it was logged out.</summary>
    public async Task PairByQrAsync(Phone phone, CancellationToken ct)
    {
        var before = Events.Position;
        Client.Start();
        var qr = await EventAsync<QrCodeIssued>(null, before, ct);
        await phone.ScanAsync(qr.Text, ct: ct);
        await OpenAsync(before, ct);
    }

    public Task OpenAsync(int after, CancellationToken ct) => EventAsync<ConnectionChanged>(e => e.Status.State == ConnectionState.Open, after, ct);

    /// <returns>The message id.</returns>
    public async Task<string> SendTextAsync(Jid to, string text, CancellationToken ct, ContextInfo? context = null)
    {
        var content = new Message { ExtendedTextMessage = new Message.Types.ExtendedTextMessage { Text = text, ContextInfo = context } };
        return (await Client.Messages.SendAsync(to, content, null, ct)).Id;
    }

    /// <summary>Waits until the message has come and was read.</summary>
    public Task<MessageReceived> ReceivedAsync(string id, int after, CancellationToken ct) => EventAsync<MessageReceived>(e => e.Info.Id == id, after, ct);

    /// <summary>Waits for an event, also one that has already come.</summary>
    public async Task<T> EventAsync<T>(Func<T, bool>? condition, int after, CancellationToken ct)
        where T : WhatsAppEvent =>
        (T)await Events.WaitAsync(typeof(T).Name, e => e is T wanted && (condition is null || condition(wanted)), after, ct);

    /// <summary>Loses the sessions with a person, and logs in again, as after a restored backup.</summary>
    public async Task ForgetSessionsAsync(Phone person, CancellationToken ct)
    {
        await LeaveAsync();
        var writes = new DeviceWriteSet();
        foreach (var user in (Jid[])[person.Jid, person.Lid])
        {
            foreach (var address in await _store.FindSessionsAsync(user.ToSignalAddress().Name, ct))
                writes.Sessions[address] = null;
        }

        if (writes.IsEmpty)
            throw new InvalidOperationException("There was no session to forget.");
        await _store.CommitAsync(writes, ct);
        await ComeBackAsync(ct);
    }

    /// <summary>Loses the sender key that a device gave for a group, and logs in again.</summary>
    public async Task ForgetSenderKeyAsync(Jid group, Jid device, CancellationToken ct)
    {
        var name = new SenderKeyName(group, device.ToSignalAddress());
        if (await _store.LoadSenderKeyAsync(name, ct) is null)
            throw new InvalidOperationException("There was no sender key to forget.");
        await LeaveAsync();
        var writes = new DeviceWriteSet();
        writes.SenderKeys[name] = null;
        await _store.CommitAsync(writes, ct);
        await ComeBackAsync(ct);
    }

    /// <summary>Ends the client and makes another on the same store: what was not committed is gone.</summary>
    public async Task ReconnectAsync(CancellationToken ct)
    {
        await LeaveAsync();
        await ComeBackAsync(ct);
    }

    /// <summary>Ends the client.</summary>
    public ValueTask LeaveAsync() => Client.DisposeAsync();

    /// <summary>Makes another client on the same store; returns when it is open.</summary>
    public async Task ComeBackAsync(CancellationToken ct)
    {
        var before = Events.Position;
        Client = MakeClient();
        Client.Start();
        await OpenAsync(before, ct);
    }

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    private WhatsAppClient MakeClient() => new(_options, _store, (e, _, _) =>
    {
        Events.Add(e);
        return ValueTask.CompletedTask;
    }, TimeProvider.System, NullLoggerFactory.Instance);

    private static SocketsHttpHandler Trusting(string pem) => new()
    {
        SslOptions =
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { X509Certificate2.CreateFromPem(pem) },
                RevocationMode = X509RevocationMode.NoCheck,
            },
        },
    };
}
