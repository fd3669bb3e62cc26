using Microsoft.Extensions.Logging;

namespace Evolution.Storage.Database;

internal static partial class StorageLog
{
    [LoggerMessage(1, LogLevel.Error, "The database is unavailable ({Failure}); {Count} write sets were refused, nothing of them was written.")]
    public static partial void Unavailable(this ILogger logger, StorageFailure failure, int count, Exception exception);

    [LoggerMessage(2, LogLevel.Information, "The database can be written again.")]
    public static partial void Recovered(this ILogger logger);

    [LoggerMessage(3, LogLevel.Warning, "The database connection could not be closed.")]
    public static partial void CloseFailed(this ILogger logger, Exception exception);

    [LoggerMessage(4, LogLevel.Critical, "An action after a commit failed.")]
    public static partial void AfterCommitFailed(this ILogger logger, Exception exception);

    [LoggerMessage(5, LogLevel.Information, "The schema is brought from version {From} to {To}.")]
    public static partial void Migrating(this ILogger logger, long from, long to);
}
