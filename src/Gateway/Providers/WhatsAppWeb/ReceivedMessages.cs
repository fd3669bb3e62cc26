using Evolution.Client;
using Evolution.Client.Media;
using Evolution.Client.Stores;
using Evolution.Proto;
using Evolution.Protocol.Secrets;
using Google.Protobuf;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>Finds out what a received content is: a message of its own, or something that acts on an earlier one.</summary>
internal sealed class ReceivedMessages(MessageEvents messages, MessageChangeEvents changes, PollEvents polls, SealedReplies sealedReplies, ILogger logger)
{
    /// <summary>Told of each message of others once it is stored.</summary>
    public required Action<MessageInfo> WhenStored { get; init; }

    /// <summary>Told of each message with a file once it is stored.</summary>
    public required Action<MessageInfo> WhenFileStored { get; init; }

    public async ValueTask AddAsync(MessageReceived received, DeviceWriteSet writes, CancellationToken cancellationToken)
    {
        var (info, content) = (received.Info, received.Content);
        if (messages.IsIgnored(info.Chat))
            return;
        if (MessageChange.Of(content) is { } change)
            writes.Attached.AddRange(changes.Received(info, change));
        else if (SealedReply.Of(content) is { } reply)
            await AddSealedAsync(info, content, reply, writes, cancellationToken);
        else if (MessageEvents.IsMessage(content))
            AddMessage(info, content, writes);
    }

    private void AddMessage(MessageInfo info, Message content, DeviceWriteSet writes)
    {
        writes.Attached.AddRange(messages.Received(info, content));
        if (!info.FromMe)
            writes.WhenCommitted(() => WhenStored(info));
        if (MediaReference.Of(content) is not null)
            writes.WhenCommitted(() => WhenFileStored(info));
    }

    private async ValueTask AddSealedAsync(MessageInfo info, Message content, SealedReply reply, DeviceWriteSet writes, CancellationToken cancellationToken)
    {
        if (await sealedReplies.OpenAsync(info, reply, writes, cancellationToken) is not { } opened)
        {
            WhatsAppWebLog.NotOpened(logger, reply.Purpose);
            return;
        }

        try
        {
            switch (reply.Purpose)
            {
                case MessageSecretBox.PollVote:
                    writes.Attached.AddRange(polls.Voted(info, opened, content.PollUpdateMessage.SenderTimestampMs));
                    break;
                case MessageSecretBox.Reaction:
                    var reaction = Message.Types.ReactionMessage.Parser.ParseFrom(opened.Plaintext.Span);
                    reaction.Key = reply.Target;
                    AddMessage(info, new Message { ReactionMessage = reaction }, writes);
                    break;
                case MessageSecretBox.Edit:
                    var edited = Message.Parser.ParseFrom(opened.Plaintext.Span);
                    writes.Attached.AddRange(changes.Received(info, MessageChange.OfOpened(reply.Target.Id, edited)));
                    break;
            }
        }
        catch (InvalidProtocolBufferException)
        {
            WhatsAppWebLog.NotOpened(logger, reply.Purpose);
        }
    }
}
