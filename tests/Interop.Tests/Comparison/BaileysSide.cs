using Evolution.Interop.Tests.Matrix;
using Evolution.Protocol.Jids;

namespace Evolution.Interop.Tests.Comparison;

/// <summary>Baileys 7.0.0-rc14.</summary>
internal sealed class BaileysSide(TestSimulator simulator, PeerProcess process) : ComparedSide(simulator)
{
    private readonly PeerDevice _device = process.Device("compared");
    private readonly PeerDevice _byCode = process.Device("compared, by code");

    public override async Task<Shape> PairByQrAsync(CancellationToken ct)
    {
        await _device.StartAsync(Simulator.Host, ct);
        await _device.PairByQrAsync(Owner, ct);
        return Shape.OfQr((string)(await _device.WaitAsync("qr", null, 0, ct))["qr"]!);
    }

    public override async Task PairByCodeAsync(CancellationToken ct)
    {
        await _byCode.StartAsync(Simulator.Host, ct);
        await _byCode.PairByCodeAsync(CodeOwner, ct);
    }

    public override Task LogInAgainAsync(CancellationToken ct) => _device.ReconnectAsync(ct);

    public override Task ReceiveAsync(string id, string text, CancellationToken ct) => _device.TextAsync(id, text, 0, ct);

    public override async Task<string> SendAsync(string text, bool quoting, IReadOnlyList<Jid> mentioned, CancellationToken ct)
    {
        var sent = await _device.CallAsync("sendText", new
        {
            to = Contact.Jid.ToString(),
            text,
            quoted = quoting ? new { id = QuotedId, fromMe = false, text = QuotedText } : null,
            mentions = mentioned.Count > 0 ? mentioned.Select(jid => jid.ToString()).ToArray() : null,
        }, ct);
        return (string)sent!["id"]!;
    }

    public override async Task<string> SendAsync(MatrixRow row, CellContext at, CancellationToken ct)
    {
        var (operation, arguments) = BaileysParty.Of(row, at);
        return (string)(await _device.CallAsync(operation, arguments, ct))!["id"]!;
    }

    protected override Task MarkReadAsync(Jid chat, Jid? author, string[] ids, CancellationToken ct) => _device.ReadAsync(chat, ids, ct, author);

    protected override Task LookAsync(IReadOnlyList<Jid> pictured, Jid person, CancellationToken ct) =>
        _device.CallAsync("look", new { pictured = pictured.Select(jid => jid.ToString()), person = person.ToString() }, ct);

    public override async ValueTask DisposeAsync()
    {
        await _device.CallAsync("stop", null, CancellationToken.None);
        await _byCode.CallAsync("stop", null, CancellationToken.None);
        await base.DisposeAsync();
    }
}
