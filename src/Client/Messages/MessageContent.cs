using Evolution.Proto;

namespace Evolution.Client.Messages;

/// <summary>Looks into a message without changing it.</summary>
internal static class MessageContent
{
    private const int MaxWrappers = 5;

    /// <summary>The message inside the wrappers that say how to show it (ephemeral, view once, edited …). Source: Baileys Utils/messages.ts, normalizeMessageContent.</summary>
    public static Message Unwrap(Message message)
    {
        for (var depth = 0; depth < MaxWrappers; depth++)
        {
            var wrapper = message.EphemeralMessage ?? message.ViewOnceMessage ?? message.DocumentWithCaptionMessage
                ?? message.ViewOnceMessageV2 ?? message.ViewOnceMessageV2Extension ?? message.EditedMessage
                ?? message.AssociatedChildMessage ?? message.GroupStatusMessage ?? message.GroupStatusMessageV2;
            if (wrapper?.Message is not { } inner)
                break;
            message = inner;
        }

        return message;
    }

    /// <summary>Whether nothing is in it for a person or a feature: only keys and context that the receiver has consumed already.</summary>
    public static bool IsEmptyOfContent(Message message)
    {
        if (message.SenderKeyDistributionMessage is null && message.FastRatchetKeySenderKeyDistributionMessage is null && message.MessageContextInfo is null)
            return message.CalculateSize() == 0;

        var rest = message.Clone();
        rest.SenderKeyDistributionMessage = null;
        rest.FastRatchetKeySenderKeyDistributionMessage = null;
        rest.MessageContextInfo = null;
        return rest.CalculateSize() == 0;
    }
}
