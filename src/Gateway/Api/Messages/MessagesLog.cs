namespace Evolution.Gateway.Api.Messages;

internal static partial class MessagesLog
{
    [LoggerMessage(2000, LogLevel.Debug, "No link preview: {Reason}")]
    public static partial void NoPreview(ILogger logger, string reason);
}
