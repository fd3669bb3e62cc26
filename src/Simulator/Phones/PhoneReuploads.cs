using System.Security.Cryptography;
using Evolution.Proto;
using Evolution.Protocol.Media;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Media;
using Evolution.Simulator.Store;
using Google.Protobuf;

namespace Evolution.Simulator.Phones;

/// <summary>
/// Uploads a message's file once more when a companion can't get it, and tells the companion where it lies now.
/// Source: Baileys src/Utils/messages-media.ts, whatsmeow mediaretry.go.
/// </summary>
internal sealed class PhoneReuploads(SimulatedWorld world, PhoneMessages messages)
{
    private const string NotFound = "2";

    public void Answer(Writes writes, Device companion, Node receipt)
    {
        if (receipt["id"] is not { } id || messages.Find(id) is not { } message || MessageFile.Of(message.Content) is not { } file)
        {
            world.Violations.Report("reupload-unknown-id", "A file was asked for again of a message that has none.", companion.PhoneJid, receipt["id"]);
            return;
        }

        if (!IsSealedRight(receipt, id, file.Key))
            world.Violations.Report("bad-reupload-request", "A request for a file is not sealed with the file's key.", companion.PhoneJid, id);
        var answer = world.Media.Find(file.DirectPath) is { } bytes
            ? Sealed(id, file.Key, world.Media.Keep(writes, bytes))
            : new Node("error", new NodeAttributes { { "code", NotFound } });
        world.Mail.Deliver(writes, companion, new Node("notification", new NodeAttributes
        {
            { "from", companion.Account.PhoneJid }, { "type", "mediaretry" }, { "id", id }, { "t", world.UnixNow().ToString() },
        }, [answer, receipt.Child("rmr") ?? new Node("rmr")]));
    }

    private static bool IsSealedRight(Node receipt, string id, ByteString key)
    {
        var encrypt = receipt.Child("encrypt");
        try
        {
            var plaintext = MediaRetryBox.Open(
                key.Span, (encrypt?.Child("enc_iv")?.Bytes ?? default).Span, id, (encrypt?.Child("enc_p")?.Bytes ?? default).Span);
            return ServerErrorReceipt.Parser.ParseFrom(plaintext).StanzaId == id;
        }
        catch (Exception e) when (e is MediaFormatException or InvalidProtocolBufferException)
        {
            return false;
        }
    }

    private static Node Sealed(string id, ByteString key, string directPath)
    {
        var nonce = RandomNumberGenerator.GetBytes(MediaRetryBox.NonceLength);
        var answer = new MediaRetryNotification { StanzaId = id, DirectPath = directPath, Result = MediaRetryNotification.Types.ResultType.Success };
        return new Node("encrypt", null,
        [
            new Node("enc_p", null, MediaRetryBox.Seal(key.Span, nonce, id, answer.ToByteArray())),
            new Node("enc_iv", null, nonce),
        ]);
    }
}
