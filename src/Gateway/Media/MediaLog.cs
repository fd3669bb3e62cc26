namespace Evolution.Gateway.Media;

internal static partial class MediaLog
{
    [LoggerMessage(2010, LogLevel.Debug, "{Program} ended with exit code {ExitCode}")]
    public static partial void ProgramFailed(ILogger logger, string program, int exitCode);

    [LoggerMessage(2011, LogLevel.Warning, "{Program} can't be started: {Reason}")]
    public static partial void ProgramNotStarted(ILogger logger, string program, string reason);

    [LoggerMessage(2012, LogLevel.Warning, "{Program} was ended: it took longer than {Seconds} s")]
    public static partial void ProgramTooSlow(ILogger logger, string program, double seconds);
}
