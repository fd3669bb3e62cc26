using System.Security.Cryptography;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Media;
using Evolution.Protocol.Nodes;
using Google.Protobuf;

namespace Evolution.Client.Media;

/// <summary>Asking the phone to upload a file again (Baileys Utils/messages-media.ts, encryptMediaRetryRequest, decodeMediaRetryNode; whatsmeow mediaretry.go).</summary>
internal static class ReuploadStanzas
{
    public static Node Ask(MediaOwner owner, ReadOnlyMemory<byte> mediaKey, Jid own)
    {
        var nonce = RandomNumberGenerator.GetBytes(MediaRetryBox.NonceLength);
        var receipt = new ServerErrorReceipt { StanzaId = owner.MessageId };
        var sealedReceipt = MediaRetryBox.Seal(mediaKey.Span, nonce, owner.MessageId, receipt.ToByteArray());
        return new Node(
            "receipt",
            new NodeAttributes { { "id", owner.MessageId }, { "to", own.ToUser() }, { "type", "server-error" } },
            [
                new Node("encrypt", null, [new Node("enc_p", null, sealedReceipt), new Node("enc_iv", null, nonce)]),
                new Node("rmr", new NodeAttributes
                {
                    { "jid", owner.Chat }, { "from_me", owner.FromMe ? "true" : "false" }, { "participant", owner.Participant?.ToString() },
                }),
            ]);
    }

    /// <summary>Where the file lies now.</summary>
    /// <exception cref="MediaGoneException">The phone could not upload it.</exception>
    public static string ReadPath(Node notification, ReadOnlyMemory<byte> mediaKey, string messageId)
    {
        if (notification.Child("encrypt") is not { } encrypt || encrypt.Child("enc_p") is not { } box || encrypt.Child("enc_iv") is not { } nonce)
            throw new MediaGoneException("The phone could not upload the file again.");
        try
        {
            var answer = MediaRetryNotification.Parser.ParseFrom(MediaRetryBox.Open(mediaKey.Span, nonce.Bytes.Span, messageId, box.Bytes.Span));
            return answer.Result == MediaRetryNotification.Types.ResultType.Success && answer.DirectPath.StartsWith('/')
                ? answer.DirectPath
                : throw new MediaGoneException("The phone could not upload the file again.");
        }
        catch (Exception e) when (e is MediaFormatException or InvalidProtocolBufferException)
        {
            throw new MediaGoneException("The phone's answer can't be read.", e);
        }
    }
}
