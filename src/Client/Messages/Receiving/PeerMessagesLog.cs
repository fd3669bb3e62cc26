using Microsoft.Extensions.Logging;

namespace Evolution.Client.Messages.Receiving;

internal static partial class PeerMessagesLog
{
    [LoggerMessage(EventId = 350, Level = LogLevel.Warning, Message = "The phone's answer to a request for a message can't be read")]
    public static partial void BadPlaceholder(this ILogger logger);
}
