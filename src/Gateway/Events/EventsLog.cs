namespace Evolution.Gateway.Events;

internal static partial class EventsLog
{
    [LoggerMessage(2050, LogLevel.Warning, "The file of message {MessageId} of {Instance} can't be had ({Reason}); its event goes out without it")]
    public static partial void NoFile(ILogger logger, string instance, string messageId, string reason);
}
