using Evolution.Client;
using Evolution.Client.Messages;
using Evolution.Client.Stores;
using Evolution.Gateway.EvolutionWire.Messages;
using Evolution.Proto;
using Evolution.Protocol.Secrets;
using Google.Protobuf;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>Finds out what a received content is: a message of its own, or something that acts on an earlier one.</summary>
internal sealed class ReceivedMessages(
    MessageEvents messages, MessageChangeEvents changes, PollEvents polls, SealedReplies sealedReplies, EarlierMessages earlier, ILogger logger)
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
            writes.Attached.AddRange(await changes.ReceivedAsync(info, change, writes, cancellationToken));
        else if (SealedReply.Of(content) is { } reply)
            await AddSealedAsync(info, content, reply, writes, cancellationToken);
        else if (ChatTimers.Set(info, content) is { } timer)
            writes.Attached.Add(timer);
        else if (MessageEvents.IsMessage(content))
            AddMessage(await AsFirstSentAsync(info, writes, cancellationToken), MessageContent.Of(content), writes);
    }

    // Encrypted again for us, a message has the time of that; people wrote it when it came first.
    private async ValueTask<MessageInfo> AsFirstSentAsync(MessageInfo info, DeviceWriteSet writes, CancellationToken cancellationToken) =>
        info.RetryCount > 0 && await earlier.FindAsync(info, info.Id, writes, cancellationToken) is { IsPlaceholder: true } awaited
            ? info with { Timestamp = DateTimeOffset.FromUnixTimeSeconds(awaited.MessageTimestamp) }
            : info;

    private void AddMessage(MessageInfo info, MessageContent content, DeviceWriteSet writes)
    {
        if (!content.IsReadable)
            GatewayMetrics.UnknownContents.Add(1);
        writes.Attached.AddRange(messages.Received(info, content));
        if (ChatTimers.Told(info, content.Context) is { } timer)
            writes.Attached.Add(timer);
        if (!info.FromMe)
            writes.WhenCommitted(() => WhenStored(info));
        if (content.HasFile)
            writes.WhenCommitted(() => WhenFileStored(info));
    }

    private async ValueTask AddSealedAsync(MessageInfo info, Message content, SealedReply reply, DeviceWriteSet writes, CancellationToken cancellationToken)
    {
        if (await sealedReplies.OpenAsync(info, reply, writes, cancellationToken) is not { } opened)
        {
            NotOpened(info, content, reply, writes);
            return;
        }

        try
        {
            switch (reply.Purpose)
            {
                case MessageSecretBox.PollVote:
                    writes.Attached.AddRange(polls.Voted(info, opened, MessageContents.Unwrap(content).PollUpdateMessage.SenderTimestampMs));
                    break;
                case MessageSecretBox.Reaction:
                    var reaction = Message.Types.ReactionMessage.Parser.ParseFrom(opened.Plaintext.Span);
                    reaction.Key = reply.Target;
                    AddMessage(info, MessageContent.Of(new Message { ReactionMessage = reaction }), writes);
                    break;
                case MessageSecretBox.Comment:
                    var comment = new Message.Types.CommentMessage { Message = Message.Parser.ParseFrom(opened.Plaintext.Span), TargetMessageKey = reply.Target };
                    AddMessage(info, MessageContent.Of(new Message { CommentMessage = comment, MessageContextInfo = content.MessageContextInfo }), writes);
                    break;
                case MessageSecretBox.EventResponse:
                    var answer = Message.Types.EventResponseMessage.Parser.ParseFrom(opened.Plaintext.Span);
                    AddMessage(info, MessageContent.Of(content, ("eventResponseMessage", answer)), writes);
                    break;
                case MessageSecretBox.Edit or MessageSecretBox.EventEdit:
                    var edited = Message.Parser.ParseFrom(opened.Plaintext.Span);
                    writes.Attached.AddRange(await changes.ReceivedAsync(info, MessageChange.OfOpened(reply.Target.Id, edited), writes, cancellationToken));
                    break;
            }
        }
        catch (InvalidProtocolBufferException)
        {
            NotOpened(info, content, reply, writes);
        }
    }

    private void NotOpened(MessageInfo info, Message content, SealedReply reply, DeviceWriteSet writes)
    {
        WhatsAppWebLog.NotOpened(logger, reply.Purpose);
        GatewayMetrics.SealedReplies.Add(1, new KeyValuePair<string, object?>("purpose", reply.Purpose));
        if (reply.StandsAlone)
            AddMessage(info, MessageContent.Of(content), writes);
    }
}
