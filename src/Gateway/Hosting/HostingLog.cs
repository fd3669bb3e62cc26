namespace Evolution.Gateway.Hosting;

internal static partial class HostingLog
{
    [LoggerMessage(1000, LogLevel.Error, "{Method} {Route} failed")]
    public static partial void RequestFailed(ILogger logger, Exception exception, string method, string route);

    [LoggerMessage(1001, LogLevel.Debug, "{Method} {Route}: the client hung up")]
    public static partial void ClientGone(ILogger logger, string method, string route);

    [LoggerMessage(1002, LogLevel.Debug, "{Method} {Route} answered {Status} in {ElapsedMs} ms")]
    public static partial void Answered(ILogger logger, string method, string route, int status, double elapsedMs);

    [LoggerMessage(1010, LogLevel.Warning, "old rows were not cleaned up: {Reason}")]
    public static partial void NotCleaned(ILogger logger, string reason);

    [LoggerMessage(1013, LogLevel.Information, "{Count} files that no instance has any more were removed")]
    public static partial void FilesRemoved(ILogger logger, int count);

    [LoggerMessage(1014, LogLevel.Warning, "files that no instance has any more were not removed: {Reason}")]
    public static partial void FilesNotRemoved(ILogger logger, string reason);

    [LoggerMessage(1011, LogLevel.Warning, "not everything came to an end in time; the process ends all the same, and the next one goes on from what was stored")]
    public static partial void StoppedLate(ILogger logger);

    [LoggerMessage(1012, LogLevel.Warning, "These settings are set and have no effect, for what they ask for does not exist here yet: {Names}")]
    public static partial void WithoutEffect(ILogger logger, string names);
}
