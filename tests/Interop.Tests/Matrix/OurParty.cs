using System.Security.Cryptography;
using Evolution.Client;
using Evolution.Client.Media;
using Evolution.Client.Messages.Sending;
using Evolution.Gateway.Providers.WhatsAppWeb;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Secrets;
using Evolution.Simulator.Phones;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>Our client, with contents as the gateway builds them where it does.</summary>
internal sealed class OurParty(OurDevice device, Phone phone) : Party(phone)
{
    public override int Position => device.Events.Position;

    public override async Task<string> SendAsync(MatrixRow row, CellContext at, CancellationToken ct) =>
        (await device.Client.Messages.SendAsync(at.Chat, await ContentAsync(row, at, ct), new SendOptions { StatusReaders = at.StatusReaders }, ct)).Id;

    public override async Task<(string Chat, Message Content)> ReadAsync(string id, int after, CancellationToken ct)
    {
        var received = await device.ReceivedAsync(id, after, ct);
        return (received.Info.Chat.ToString(), received.Content);
    }

    public override async Task<Message> SentAsync(string id, CancellationToken ct) => (await device.EventAsync<MessageSending>(e => e.Info.Id == id, 0, ct)).Content;

    public override async Task<string> DownloadAsync(string id, Message content, CancellationToken ct)
    {
        var reference = MediaReference.Of(content) ?? throw new InvalidOperationException("Our client finds no file in it.");
        await using var file = await device.Client.Media.OpenAsync(reference, null, MediaFiles.MaxBytes, ct);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, ct));
    }

    public override async Task<IReadOnlyList<string>> OpenVoteAsync(string id, Message content, CellContext at, CancellationToken ct)
    {
        var secret = (await SentAsync(at.Earlier.Id, ct)).MessageContextInfo.MessageSecret;
        return Open(content, secret.ToByteArray(), at);
    }

    /// <summary>Which of the two addresses of a person a voter puts under the seal is nowhere said: each pair is tried.</summary>
    public static IReadOnlyList<string> Open(Message content, byte[] secret, CellContext at)
    {
        var vote = content.PollUpdateMessage.Vote;
        Jid[] people = [at.Reader, at.Sender, .. at.OtherForms];
        foreach (var (author, voter) in people.SelectMany(author => people.Select(voter => (author, voter))))
        {
            try
            {
                var box = new MessageSecretBox(at.Earlier.Id, author, voter, MessageSecretBox.PollVote);
                return PollRows.NamesIn(box.Open(secret, vote.EncIv.Span, vote.EncPayload.Span));
            }
            catch (CryptographicException)
            {
                // Not these two: the next pair may be the one.
            }
        }

        throw new InvalidOperationException("No pair of addresses opens the vote.");
    }

    private async Task<Message> ContentAsync(MatrixRow row, CellContext at, CancellationToken ct)
    {
        var now = TimeProvider.System.GetUtcNow();
        if (row.File is not { } file)
            return row.Product is { } request ? OutgoingContents.Of(row.Beside(request(at), at), at.Sender, now) : row.Content(at);
        var path = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(path, file.Bytes, ct);
            var media = file.Outgoing(path);
            await using var stream = media.File.Open();
            var uploaded = await device.Client.Media.UploadAsync(stream, OutgoingFiles.UploadKindOf(media.Kind), ct);
            if (row.IsSentFile)
                return OutgoingFiles.Of(media, uploaded, OutgoingContext.Of(row.Beside(TextRows.To(at, media), at), at.Sender), now);
            if (row.Product is { } product)
                return OutgoingContents.Of(row.Beside(product(at), at), at.Sender, now, OutgoingFiles.Of(media, uploaded, context: null, now).ImageMessage);
            var content = row.Content(at);
            file.Fill(content, uploaded);
            return content;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
