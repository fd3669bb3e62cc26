using System.Security.Cryptography;
using Evolution.Client;
using Evolution.Client.Stores;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Messages;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Secrets;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>Opens sealed replies with the secret of the stored message that they answer to.</summary>
internal sealed class SealedReplies(EarlierMessages earlier, Func<OwnAccount?> account)
{
    // Nonce of AES-GCM; anything else can't have been sealed by a client.
    private const int IvSize = 12;

    /// <summary>A person's LID for the phone JID and the other way round; null when it is not known.</summary>
    public required Func<Jid, CancellationToken, ValueTask<Jid?>> OtherAddress { get; init; }

    /// <returns>Null when the message is not stored, has no secret, or the reply was not sealed with it.</returns>
    public async ValueTask<OpenedReply?> OpenAsync(MessageInfo info, SealedReply reply, DeviceWriteSet writes, CancellationToken cancellationToken)
    {
        if (reply.Iv.Length != IvSize || await earlier.FindAsync(info, reply.Target.Id, writes, cancellationToken) is not { } row)
            return null;
        using var json = WireJson.Parse(row.Message);
        var target = ProtoJsonReader.Read<Message>(json.RootElement);
        if (target.MessageContextInfo?.MessageSecret is not { Length: MessageSecretBox.SecretSize } secret)
            return null;

        // Which of the two addresses of a person the other side put under the seal is nowhere said.
        foreach (var author in await AuthorsAsync(row, cancellationToken))
        {
            foreach (var actor in new[] { info.Sender, info.SenderAlt }.OfType<Jid>().Select(jid => jid.ToUser()))
            {
                try
                {
                    var box = new MessageSecretBox(reply.Target.Id, author, actor, reply.Purpose);
                    return new OpenedReply(row, target, box.Open(secret.Span, reply.Iv.Span, reply.Box.Span));
                }
                catch (CryptographicException)
                {
                    // Not these two: the next pair may be the one.
                }
            }
        }

        return null;
    }

    private async ValueTask<IEnumerable<Jid>> AuthorsAsync(MessageRow row, CancellationToken cancellationToken)
    {
        if (row.FromMe)
        {
            if (account()?.Phone.ToUser() is not { } phone)
                return [];
            return await OtherAddress(phone, cancellationToken) is { } lid ? [phone, lid.ToUser()] : [phone];
        }

        string?[] names = string.IsNullOrEmpty(row.Participant)
            ? [row.RemoteJid, row.RemoteJidAlt, row.RemoteLid]
            : [row.Participant, row.ParticipantAlt, row.ParticipantLid];
        return names.OfType<string>().Select(name => Jid.Parse(name).ToUser()).Distinct();
    }
}

/// <param name="Row">The message that is answered to.</param>
/// <param name="Target">Its content.</param>
/// <param name="Plaintext">The reply, serialised as its purpose says.</param>
internal sealed record OpenedReply(MessageRow Row, Message Target, ReadOnlyMemory<byte> Plaintext);
