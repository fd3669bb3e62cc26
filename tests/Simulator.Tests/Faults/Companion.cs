using Evolution.Client;
using Evolution.Client.Stores;
using Evolution.Client.Tests;
using Evolution.Proto;
using Evolution.Protocol.Noise;
using Evolution.Simulator.Phones;
using Evolution.Simulator.Tests.ControlApi;
using Microsoft.Extensions.Logging.Abstractions;

namespace Evolution.Simulator.Tests.Faults;

/// <summary>A real client, linked to a phone through the control API.</summary>
internal sealed class Companion : IAsyncDisposable
{
    private readonly RaisedEvents _events = new();

    private Companion(SimulatorHost host)
    {
        var options = new WhatsAppClientOptions { WebSocketUrl = host.WebSocketUrl, NoiseRoot = new NoiseRoot(host.RootKey) };
        Client = new WhatsAppClient(options, new InMemoryDeviceStore(_ => { }), (e, _, _) =>
        {
            _events.Add(e);
            return ValueTask.CompletedTask;
        }, TimeProvider.System, NullLoggerFactory.Instance);
    }

    public WhatsAppClient Client { get; }

    public string Jid => Client.Device!.Value.ToString();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A client that shows a code and is not linked.</summary>
    public static Companion Start(SimulatorHost host)
    {
        var companion = new Companion(host);
        companion.Client.Start();
        return companion;
    }

    public static async Task<Companion> LinkAsync(SimulatorHost host, ControlClient api, string number)
    {
        var companion = Start(host);
        var qr = (await companion.EventAsync<QrCodeIssued>()).Text;
        await api.PostAsync($"/v1/phones/{number}/scan", new { qr }, System.Net.HttpStatusCode.OK);
        await companion.OpenAsync();
        return companion;
    }

    public Task OpenAsync() => EventAsync<ConnectionChanged>(e => e.Status.State == ConnectionState.Open);

    public async Task<DisconnectReason> ClosedAsync() =>
        (await EventAsync<ConnectionChanged>(e => e.Status is { Reason: not null, State: ConnectionState.Closed or ConnectionState.LoggedOut })).Status.Reason!;

    /// <summary>The message with this id; others stay to be asked for.</summary>
    public Task<MessageReceived> MessageAsync(string id) => _events.FoundAsync<MessageReceived>(e => e.Info.Id == id, Ct);

    /// <summary>The news that this message was refused with this code; other news stay to be asked for.</summary>
    public Task<MessageStatusChanged> RefusalAsync(string id, int code) =>
        _events.FoundAsync<MessageStatusChanged>(e => e.Ids.Contains(id) && e.Status == MessageStatus.Error && e.ErrorCode == code, Ct);

    public Task<MessageInfo> SendAsync(Phone to, string text) => Client.Messages.SendAsync(to.Jid, new Message { Conversation = text }, null, Ct);

    /// <inheritdoc cref="RaisedEvents.NextAsync"/>
    public Task<T> EventAsync<T>(Func<T, bool>? fits = null)
        where T : WhatsAppEvent => _events.NextAsync(fits, Ct);

    public ValueTask DisposeAsync() => Client.DisposeAsync();
}
