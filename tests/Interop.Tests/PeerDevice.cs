using System.Text.Json.Nodes;
using Evolution.Protocol.Jids;
using Evolution.Simulator;
using Evolution.Simulator.Phones;

namespace Evolution.Interop.Tests;

/// <summary>One device of a foreign client.</summary>
internal sealed class PeerDevice(PeerProcess process, string name)
{
    /// <summary>How many events its process told so far.</summary>
    public int Position => process.Events.Position;

    /// <summary>Makes an identity and connects.</summary>
    /// <param name="rootKey">The key the server's certificate must lead to; null takes the simulator's.</param>
    public async Task StartAsync(SimulatorHost simulator, CancellationToken ct, byte[]? rootKey = null) => await CallAsync("start", new
    {
        url = simulator.WebSocketUrl.ToString(),
        rootKey = Convert.ToHexStringLower(rootKey ?? simulator.RootKey),
        mediaPort = simulator.MediaUrl.Port,
    }, ct);

    /// <summary>The phone scans the device's QR code; returns when the device is open.</summary>
    public async Task PairByQrAsync(Phone phone, CancellationToken ct)
    {
        var qr = await WaitAsync("qr", null, 0, ct);
        await phone.ScanAsync((string)qr["qr"]!, ct: ct);
        await OpenAsync(0, ct);
    }

    /// <summary>The person types the device's code into the phone; returns when the device is open.</summary>
    public async Task PairByCodeAsync(Phone phone, CancellationToken ct)
    {
        // A device that shows QR codes is ready to ask for a code.
        await WaitAsync("qr", null, 0, ct);
        var code = await CallAsync("pairingCode", new { number = phone.Number }, ct);
        await phone.LinkCodeAsync((string)code!, ct: ct);
        await OpenAsync(0, ct);
    }

    public Task OpenAsync(int after, CancellationToken ct) => WaitAsync("open", null, after, ct);

    /// <param name="quoted">Id and text of a message of theirs to quote.</param>
    /// <param name="mentioned">Somebody to mention.</param>
    /// <returns>The message id.</returns>
    public async Task<string> SendTextAsync(Jid to, string text, CancellationToken ct, (string Id, string Text)? quoted = null, Jid? mentioned = null) =>
        (string)(await CallAsync("sendText", new
        {
            to = to.ToString(),
            text,
            quoted = quoted is { } message ? new { id = message.Id, fromMe = false, text = message.Text } : null,
            mentions = mentioned is { } person ? (string[])[person.ToString()] : null,
        }, ct))!["id"]!;

    /// <returns>The message id.</returns>
    public async Task<string> SendStatusAsync(string text, IEnumerable<Jid> readers, CancellationToken ct) =>
        (string)(await CallAsync("sendStatus", new { text, readers = readers.Select(reader => reader.ToString()).ToArray() }, ct))!["id"]!;

    /// <summary>Tells the author that messages were read.</summary>
    /// <param name="author">Who wrote them, in a group.</param>
    public Task ReadAsync(Jid chat, string[] ids, CancellationToken ct, Jid? author = null) =>
        CallAsync("read", new { chat = chat.ToString(), ids, author = author?.ToString() }, ct);

    /// <summary>Forgets every sender key, its own too.</summary>
    /// <exception cref="InvalidOperationException">There was none.</exception>
    public async Task ForgetSenderKeysAsync(CancellationToken ct)
    {
        if ((int)(await CallAsync("forgetSenderKeys", null, ct))!["count"]! == 0)
            throw new InvalidOperationException("There was no sender key to forget.");
    }

    /// <summary>Waits until the device has a message, also one that came first as an empty placeholder.</summary>
    public async Task<JsonObject> TextAsync(string id, string text, int after, CancellationToken ct)
    {
        return await process.Events.WaitAsync($"text {id} at {name}", e => IsMine(e) && (string?)e["id"] == id && (string?)e["text"] == text, after, ct);
    }

    /// <summary>Forgets every Signal session and logs in again, as after a restored backup; returns when it is open.</summary>
    /// <exception cref="InvalidOperationException">There was none.</exception>
    public async Task ForgetSessionsAsync(CancellationToken ct)
    {
        var before = Position;
        if ((int)(await CallAsync("forgetSessions", null, ct))!["count"]! == 0)
            throw new InvalidOperationException("There was no session to forget.");
        await OpenAsync(before, ct);
    }

    /// <summary>Leaves and logs in again with the same identity; returns when it is open.</summary>
    public async Task ReconnectAsync(CancellationToken ct)
    {
        var before = Position;
        await CallAsync("reconnect", null, ct);
        await OpenAsync(before, ct);
    }

    /// <summary>Leaves and stays away.</summary>
    public Task LeaveAsync(CancellationToken ct) => CallAsync("leave", null, ct);

    /// <summary>Logs in after <see cref="LeaveAsync"/>; returns when it is open.</summary>
    public async Task ComeBackAsync(CancellationToken ct)
    {
        var before = Position;
        await CallAsync("comeBack", null, ct);
        await OpenAsync(before, ct);
    }

    /// <summary>The texts the device told of, in its order.</summary>
    public IReadOnlyList<string> TextsSince(int position) =>
        [.. process.Events.Since(position).Where(e => IsMine(e) && (string?)e["event"] == "message").Select(e => (string?)e["text"]).OfType<string>()];

    public Task<JsonNode?> CallAsync(string operation, object? arguments, CancellationToken ct) => process.CallAsync(name, operation, arguments, ct);

    /// <summary>Waits for an event of this device, also one that has already come.</summary>
    public Task<JsonObject> WaitAsync(string @event, Func<JsonObject, bool>? condition, int after, CancellationToken ct) => process.Events.WaitAsync(
        $"'{@event}' at {name}", e => IsMine(e) && (string?)e["event"] == @event && (condition is null || condition(e)), after, ct);

    private bool IsMine(JsonObject e) => (string?)e["device"] == name;
}
