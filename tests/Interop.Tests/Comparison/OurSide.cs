using Evolution.Client;
using Evolution.Gateway.Providers.Outgoing;
using Evolution.Gateway.Providers.WhatsAppWeb;
using Evolution.Interop.Tests.Matrix;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Google.Protobuf;

namespace Evolution.Interop.Tests.Comparison;

/// <summary>Our client, with contents as the gateway builds them.</summary>
internal sealed class OurSide(TestSimulator simulator) : ComparedSide(simulator)
{
    private readonly OurDevice _device = Make(simulator);
    private readonly OurDevice _byCode = Make(simulator);

    public override async Task<Shape> PairByQrAsync(CancellationToken ct)
    {
        await _device.PairByQrAsync(Owner, ct);
        return Shape.OfQr((await _device.EventAsync<QrCodeIssued>(null, 0, ct)).Text);
    }

    public override async Task PairByCodeAsync(CancellationToken ct)
    {
        _byCode.Client.Start();
        await _byCode.EventAsync<QrCodeIssued>(null, 0, ct);
        await CodeOwner.LinkCodeAsync(await _byCode.Client.RequestPairingCodeAsync(CodeOwner.Number, ct), ct: ct);
        await _byCode.OpenAsync(0, ct);
    }

    public override Task LogInAgainAsync(CancellationToken ct) => _device.ReconnectAsync(ct);

    public override Task ReceiveAsync(string id, string text, CancellationToken ct) => _device.ReceivedAsync(id, 0, ct);

    public override async Task<string> SendAsync(string text, bool quoting, IReadOnlyList<Jid> mentioned, CancellationToken ct)
    {
        var content = OutgoingContents.Of(new OutgoingMessage
        {
            To = Contact.Jid,
            Content = new OutgoingText(text, Preview: null),
            Quoted = quoting ? new QuotedMessage(QuotedId, null, null, FromMe: false, new Message { Conversation = QuotedText }.ToByteArray()) : null,
            Mentioned = mentioned,
        }, Owner.Jid, DateTimeOffset.UnixEpoch);
        return (await _device.Client.Messages.SendAsync(Contact.Jid, content, null, ct)).Id;
    }

    public override Task<string> SendAsync(MatrixRow row, CellContext at, CancellationToken ct) => new OurParty(_device, Owner).SendAsync(row, at, ct);

    protected override Task MarkReadAsync(Jid chat, Jid? author, string[] ids, CancellationToken ct) => _device.Client.Receipts.MarkReadAsync(chat, author, ids, ct);

    protected override async Task LookAsync(IReadOnlyList<Jid> pictured, Jid person, CancellationToken ct)
    {
        foreach (var jid in pictured)
            await _device.Client.Profiles.PictureAsync(jid, ct);
        await _device.Client.Profiles.AboutAsync(person, ct);
        await _device.Client.Profiles.BusinessAsync(person, ct);
    }

    public override async ValueTask DisposeAsync()
    {
        await _device.DisposeAsync();
        await _byCode.DisposeAsync();
        await base.DisposeAsync();
    }

    private static OurDevice Make(TestSimulator simulator) => new(simulator.Host, options => options with { OperatingSystem = "Ubuntu", Browser = "Chrome" });
}
