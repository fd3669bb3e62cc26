using Evolution.Client.Media;
using Evolution.Gateway.Providers.WhatsAppWeb;
using Evolution.Proto;
using Evolution.Simulator;
using Evolution.Simulator.Media;
using Evolution.Simulator.Phones;
using Evolution.Simulator.Store;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>The simulator's phone.</summary>
internal sealed class PhoneParty(SimulatedWorld world, Phone phone) : Party(phone)
{
    private readonly ReceivedMedia _files = new(world);

    public override int Position => 0;

    public override async Task<string> SendAsync(MatrixRow row, CellContext at, CancellationToken ct)
    {
        var content = row.Content(at);
        if (row.File is { } file)
            file.Fill(content, await KeepAsync(file));
        return await Phone.SendAsync(at.Chat.ToString(), content, new OutgoingMessage { ByLid = at.Place == Place.Lid, Edit = EditOf(content), Type = row.File is null ? null : "media" });
    }

    public override async Task<(string Chat, Message Content)> ReadAsync(string id, int after, CancellationToken ct)
    {
        var read = await Phone.WaitForMessageAsync(message => message.Id == id, ct: ct);
        var chat = read.Chat.Contains('@', StringComparison.Ordinal) ? read.Chat : Protocol.Jids.Jid.ForPhone(read.Chat).ToString();
        return (chat, read.Content);
    }

    public override Task<Message> SentAsync(string id, CancellationToken ct) =>
        Task.FromResult((Phone.FindMessage(id) ?? throw new InvalidOperationException("The phone did not send this.")).Content);

    public override Task<string> DownloadAsync(string id, Message content, CancellationToken ct)
    {
        var found = _files.Check(content, id) ?? throw new InvalidOperationException("The phone finds no file in it.");
        // What the message announced is what the phone found in the file, or there is a problem.
        return Task.FromResult(found.Problem ?? Convert.ToHexStringLower(found.Sha256));
    }

    public override async Task<IReadOnlyList<string>> OpenVoteAsync(string id, Message content, CellContext at, CancellationToken ct) =>
        OurParty.Open(content, (await SentAsync(at.Earlier.Id, ct)).MessageContextInfo.MessageSecret.ToByteArray(), at);

    private async Task<MediaReference> KeepAsync(SampleFile file)
    {
        var encrypted = MediaFile.Encrypt(file.Bytes, ReceivedMedia.KeyKind(file.ApiName));
        var writes = new Writes();
        var path = world.Media.Keep(writes, encrypted.Encrypted);
        await world.Store.CommitAsync(writes);
        return new MediaReference
        {
            Kind = OutgoingFiles.UploadKindOf(file.Kind),
            DirectPath = path,
            Url = $"https://{world.MediaHostName}{path}&mms3=true",
            Key = encrypted.Key,
            EncryptedSha256 = encrypted.EncryptedSha256,
        };
    }

    private static string? EditOf(Message content) => content switch
    {
        { PinInChatMessage: not null } => "2",
        { ProtocolMessage: { Type: Message.Types.ProtocolMessage.Types.Type.MessageEdit } } => "1",
        { ProtocolMessage: { Key.FromMe: true } } => "7",
        { ProtocolMessage: not null } => "8",
        _ => null,
    };
}
