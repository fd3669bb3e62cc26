namespace Evolution.Gateway.Media;

internal static partial class MediaLog
{
    [LoggerMessage(2013, LogLevel.Information, "Files of messages go to {Storage}")]
    public static partial void StorageReady(ILogger logger, string storage);

    [LoggerMessage(2014, LogLevel.Warning, "{Storage} takes no files ({Reason}); it is left alone for {Seconds} s, and events go out without mediaUrl")]
    public static partial void StorageFails(ILogger logger, string storage, string reason, double seconds);

    [LoggerMessage(2015, LogLevel.Warning, "The file of message {MessageId} of {Instance} is not put into the object store: {Reason}")]
    public static partial void NotPut(ILogger logger, string instance, string messageId, string reason);

    [LoggerMessage(2016, LogLevel.Warning, "The file of message {MessageId} of {Instance} is not in the object store after {Seconds} s; it goes out without mediaUrl")]
    public static partial void PutsLate(ILogger logger, string instance, string messageId, double seconds);

    [LoggerMessage(2017, LogLevel.Warning, "The file of message {MessageId} of {Instance} can't be read from the object store ({Reason}); WhatsApp is asked for it")]
    public static partial void NotRead(ILogger logger, string instance, string messageId, string reason);

    [LoggerMessage(2018, LogLevel.Debug, "The file of message {MessageId} of {Instance} is in the object store after all")]
    public static partial void PutAfterAll(ILogger logger, string instance, string messageId);

    [LoggerMessage(2019, LogLevel.Warning, "The file of message {MessageId} of {Instance} is not put into the object store any more: {Days} days of trying were in vain")]
    public static partial void PutGivenUp(ILogger logger, string instance, string messageId, double days);

    [LoggerMessage(2020, LogLevel.Warning, "Files that wait for the object store can't be looked up: {Reason}")]
    public static partial void WaitingNotRead(ILogger logger, string reason);

    [LoggerMessage(2010, LogLevel.Debug, "{Program} ended with exit code {ExitCode}")]
    public static partial void ProgramFailed(ILogger logger, string program, int exitCode);

    [LoggerMessage(2011, LogLevel.Warning, "{Program} can't be started: {Reason}")]
    public static partial void ProgramNotStarted(ILogger logger, string program, string reason);

    [LoggerMessage(2012, LogLevel.Warning, "{Program} was ended: it took longer than {Seconds} s")]
    public static partial void ProgramTooSlow(ILogger logger, string program, double seconds);
}
