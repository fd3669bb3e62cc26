namespace Evolution.Gateway.Api.Chats;

internal static partial class ChatsLog
{
    [LoggerMessage(2020, LogLevel.Warning, "{Instance} can't read the {Part} of a profile ({Reason}); the answer goes out without it")]
    public static partial void NoPartOfProfile(ILogger logger, string instance, string part, string reason);
}
