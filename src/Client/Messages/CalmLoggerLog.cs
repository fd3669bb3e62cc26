using Microsoft.Extensions.Logging;

namespace Evolution.Client.Messages;

internal static partial class CalmLoggerLog
{
    [LoggerMessage(EventId = 305, Level = LogLevel.Warning, Message = "{Count} entries of the kind {Kind} were left out: there were too many in a minute")]
    public static partial void LeftOut(this ILogger logger, long count, string? kind);
}
