using Microsoft.Extensions.Logging;

namespace Evolution.Client.Messages.Retries;

internal static partial class RetryAnswersLog
{
    [LoggerMessage(EventId = 340, Level = LogLevel.Information, Message = "Message {Id} was encrypted again for a device that could not read it (request {Count})")]
    public static partial void Answered(this ILogger logger, string id, int count);

    [LoggerMessage(EventId = 341, Level = LogLevel.Warning, Message = "A device asks for message {Id} again, which is not kept here")]
    public static partial void NotAvailable(this ILogger logger, string id);

    [LoggerMessage(EventId = 342, Level = LogLevel.Warning, Message = "A device asks for message {Id} too often; it gets no more copies")]
    public static partial void TooOften(this ILogger logger, string id);

    [LoggerMessage(EventId = 343, Level = LogLevel.Warning, Message = "The server did not give the keys of a device that asks for a message again")]
    public static partial void NoKeys(this ILogger logger, Exception e);
}
