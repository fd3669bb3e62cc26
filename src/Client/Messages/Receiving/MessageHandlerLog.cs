using Microsoft.Extensions.Logging;

namespace Evolution.Client.Messages.Receiving;

internal static partial class MessageHandlerLog
{
    [LoggerMessage(EventId = 300, Level = LogLevel.Warning, Message = "Refused a malformed message stanza: {Reason}")]
    public static partial void Malformed(this ILogger logger, string reason);

    [LoggerMessage(EventId = 301, Level = LogLevel.Warning, Message = "Message {Id} can't be decrypted: {Reason}")]
    public static partial void Undecryptable(this ILogger logger, string id, string reason);

    [LoggerMessage(EventId = 302, Level = LogLevel.Debug, Message = "Message {Id} was answered before; the further copy is not announced")]
    public static partial void AlreadyAnswered(this ILogger logger, string id);

    [LoggerMessage(EventId = 303, Level = LogLevel.Warning, Message = "Dropped message {Id}: only our own phone may send its kind")]
    public static partial void Spoofed(this ILogger logger, string id);
}
