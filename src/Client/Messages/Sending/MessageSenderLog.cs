using Microsoft.Extensions.Logging;

namespace Evolution.Client.Messages.Sending;

internal static partial class MessageSenderLog
{
    [LoggerMessage(EventId = 330, Level = LogLevel.Information, Message = "Message {Id} was never acknowledged; it is sent again")]
    public static partial void Resending(this ILogger logger, string id);

    [LoggerMessage(EventId = 331, Level = LogLevel.Warning, Message = "Message {Id} could not be sent again; the next connection tries once more")]
    public static partial void ResendFailed(this ILogger logger, Exception e, string id);

    [LoggerMessage(EventId = 332, Level = LogLevel.Information, Message = "Message {Id} is stored and leaves after the reconnect")]
    public static partial void LeftForReconnect(this ILogger logger, string id);

    [LoggerMessage(EventId = 334, Level = LogLevel.Debug, Message = "Message {Id} is stored and leaves")]
    public static partial void Leaving(this ILogger logger, string id);

    [LoggerMessage(EventId = 333, Level = LogLevel.Warning, Message = "The server refused message {Id} with error {Code}")]
    public static partial void Refused(this ILogger logger, string id, int code);
}
