using Evolution.Proto;

namespace Evolution.Client.Messages;

/// <summary>Looks into a message without changing it.</summary>
public static class MessageContents
{
    // As deep as the parser lets anything be nested, two levels to a wrapper: a hostile message can't hide something behind one wrapper too many.
    private const int MaxWrappers = 50;

    /// <summary>
    /// The message inside the wrappers that say how to show it (ephemeral, view once, edited …). Every wrapper of the schema counts, where Baileys
    /// has a list (Utils/messages.ts, normalizeMessageContent): what is inside is what the message is.
    /// </summary>
    public static Message Unwrap(Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        for (var depth = 0; depth < MaxWrappers && Inner(message) is { } inner; depth++)
            message = inner;
        return message;
    }

    /// <summary>Whether nothing is in it for a person or a feature: only keys and context that the receiver has consumed already.</summary>
    public static bool IsEmpty(Message message)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (message.SenderKeyDistributionMessage is null && message.FastRatchetKeySenderKeyDistributionMessage is null && message.MessageContextInfo is null)
            return message.CalculateSize() == 0;

        var rest = message.Clone();
        rest.SenderKeyDistributionMessage = null;
        rest.FastRatchetKeySenderKeyDistributionMessage = null;
        rest.MessageContextInfo = null;
        return rest.CalculateSize() == 0;
    }

    // Named one by one, not looked up: asking the schema for them would load all of it, some ten megabytes, before the first message of a chat.
    private static Message? Inner(Message message) =>
        message.ViewOnceMessage?.Message
        ?? message.EphemeralMessage?.Message
        ?? message.DocumentWithCaptionMessage?.Message
        ?? message.ViewOnceMessageV2?.Message
        ?? message.EditedMessage?.Message
        ?? message.ViewOnceMessageV2Extension?.Message
        ?? message.GroupMentionedMessage?.Message
        ?? message.BotInvokeMessage?.Message
        ?? message.LottieStickerMessage?.Message
        ?? message.EventCoverImage?.Message
        ?? message.StatusMentionMessage?.Message
        ?? message.PollCreationOptionImageMessage?.Message
        ?? message.AssociatedChildMessage?.Message
        ?? message.GroupStatusMentionMessage?.Message
        ?? message.PollCreationMessageV4?.Message
        ?? message.StatusAddYours?.Message
        ?? message.GroupStatusMessage?.Message
        ?? message.LimitSharingMessage?.Message
        ?? message.BotTaskMessage?.Message
        ?? message.QuestionMessage?.Message
        ?? message.GroupStatusMessageV2?.Message
        ?? message.BotForwardedMessage?.Message
        ?? message.QuestionReplyMessage?.Message;
}
