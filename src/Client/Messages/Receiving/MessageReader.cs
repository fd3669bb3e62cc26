using Evolution.Client.Stores;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Signal;
using Google.Protobuf;

namespace Evolution.Client.Messages.Receiving;

/// <summary>Turns the parts of a stanza into one message: decrypts, removes the padding, opens the envelope of own devices, takes sender keys.</summary>
internal sealed class MessageReader(MessageDecryptor decryptor)
{
    /// <summary>Reads the message; the caller holds the locks of <see cref="Addresses"/>.</summary>
    public async ValueTask<Decryption> ReadAsync(IncomingMessage message, Addresses addresses, DeviceWriteSet writes, CancellationToken ct)
    {
        Message? content = null;
        DecryptionFailure? failure = null;
        var (duplicates, identityChanged) = (0, false);

        // The sender key for a group part may stand behind it in the stanza, so pairwise parts come first.
        foreach (var part in message.Parts.OrderBy(part => part.IsPairwise ? 0 : 1))
        {
            try
            {
                ReadOnlyMemory<byte> padded;
                if (part.IsPairwise)
                {
                    var plaintext = await decryptor.PairwiseAsync(part, addresses.Device, writes, ct).ConfigureAwait(false);
                    (padded, identityChanged) = (plaintext.Bytes, identityChanged || plaintext.IdentityChanged);
                }
                else if (part.Kind == "skmsg" && addresses.SenderKey is { } name)
                {
                    padded = await decryptor.GroupAsync(part, name, addresses.FormerSenderKey, writes, ct).ConfigureAwait(false);
                }
                else
                {
                    failure ??= new DecryptionFailure($"unknown kind {part.Kind}");
                    continue;
                }

                var opened = Open(Message.Parser.ParseFrom(MessagePadding.Unpad(padded).Span), message);
                if (opened is null)
                    continue;
                await TakeSenderKeyAsync(opened, addresses, writes, ct).ConfigureAwait(false);
                ForgetKeys(opened);
                if (content is null)
                    content = opened;
                else
                    content.MergeFrom(opened);
            }
            catch (SignalException e) when (e.Error == SignalError.DuplicateMessage)
            {
                duplicates++;
            }
            catch (SignalException e)
            {
                failure ??= new DecryptionFailure(e.Error.ToString(), e.Error);
            }
            catch (Exception e) when (e is InvalidProtocolBufferException or FormatException)
            {
                failure ??= new DecryptionFailure("InvalidProtobuf");
            }
        }

        return new Decryption
        {
            Content = content,
            Failure = failure,
            IsDuplicate = duplicates > 0 && content is null && failure is null,
            IdentityChanged = identityChanged,
        };
    }

    // Only another device of ours may say on whose behalf and where it wrote.
    private static Message? Open(Message message, IncomingMessage stanza)
    {
        if (message.DeviceSentMessage is not { } envelope)
            return message;
        if (!stanza.Info.FromMe)
        {
            ClientMetrics.DroppedAsForeignEnvelope();
            return null;
        }

        if (envelope.Message is not { } inner)
            return null;
        if (inner.MessageContextInfo is null && message.MessageContextInfo is not null)
            inner.MessageContextInfo = message.MessageContextInfo;
        return inner;
    }

    private async ValueTask TakeSenderKeyAsync(Message message, Addresses addresses, DeviceWriteSet writes, CancellationToken ct)
    {
        if (addresses.SenderKey is not { } name || message.SenderKeyDistributionMessage is not { } distribution)
            return;
        await decryptor.ReceiveSenderKeyAsync(
            distribution.AxolotlSenderKeyDistributionMessage.Memory, name, addresses.FormerSenderKey, writes, ct).ConfigureAwait(false);
    }

    // Whoever has them reads what the author writes from here on: they are nothing for whom the content is told to.
    private static void ForgetKeys(Message message)
    {
        message.SenderKeyDistributionMessage = null;
        message.FastRatchetKeySenderKeyDistributionMessage = null;
    }

    /// <summary>Under which names the author's records are kept.</summary>
    /// <param name="Device">The author's canonical device.</param>
    /// <param name="SenderKey">His sender key in this group; null in direct chats.</param>
    /// <param name="FormerSenderKey">The name it had before his LID was known; null when that is the same or unknown.</param>
    internal readonly record struct Addresses(Jid Device, SenderKeyName? SenderKey, SenderKeyName? FormerSenderKey);
}
