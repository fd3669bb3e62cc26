namespace Evolution.Gateway.Providers.WhatsAppWeb;

internal static partial class WhatsAppWebLog
{
    [LoggerMessage(3000, LogLevel.Information, "{Instance} is {State}")]
    public static partial void StateChanged(ILogger logger, string instance, string state);

    [LoggerMessage(3001, LogLevel.Warning, "{Instance} lost its connection ({Code}: {Reason}); try {Attempt} is at {Next:u}")]
    public static partial void Reconnecting(ILogger logger, string instance, int? code, string? reason, int attempt, DateTimeOffset next);

    [LoggerMessage(3002, LogLevel.Warning, "{Instance} is logged out ({Code}: {Reason})")]
    public static partial void LoggedOut(ILogger logger, string instance, int code, string reason);

    [LoggerMessage(3003, LogLevel.Warning, "no pairing code for {Instance}: {Reason}")]
    public static partial void NoPairingCode(ILogger logger, string instance, string reason);

    [LoggerMessage(3004, LogLevel.Information, "{Instance} could not {Errand}: {Reason}")]
    public static partial void ErrandFailed(ILogger logger, string instance, string errand, string reason);

    [LoggerMessage(3010, LogLevel.Information, "A sealed reply ({Purpose}) could not be opened: its message or the message's secret is not here")]
    public static partial void NotOpened(ILogger logger, string purpose);

    [LoggerMessage(3005, LogLevel.Warning, "{Instance} is asked for a passkey, which a gateway can't give: link it with a phone that has none")]
    public static partial void PasskeyAsked(ILogger logger, string instance);

    [LoggerMessage(3007, LogLevel.Information, "WhatsApp Web is at version {Version}: new connections claim it")]
    public static partial void VersionFound(ILogger logger, Client.WhatsAppVersion version);

    [LoggerMessage(3008, LogLevel.Warning, "the version of WhatsApp Web was not found, {Version} is claimed on: {Reason}")]
    public static partial void VersionNotFound(ILogger logger, Client.WhatsAppVersion version, string reason);

    [LoggerMessage(3009, LogLevel.Warning, "the file with the last WhatsApp Web version can't be used: {Reason}")]
    public static partial void VersionNotKept(ILogger logger, string reason);

    [LoggerMessage(3006, LogLevel.Error, "{Instance} could not be started; try again with /instance/connect")]
    public static partial void NotStarted(ILogger logger, Exception exception, string instance);
}
