using Microsoft.Extensions.Logging;

namespace Evolution.Storage.Outbox;

internal static partial class OutboxLog
{
    [LoggerMessage(1, LogLevel.Warning, "The outcome of a delivery could not be written ({Failure}); trying again.")]
    public static partial void OutcomeNotWritten(this ILogger logger, StorageFailure failure);

    [LoggerMessage(2, LogLevel.Warning, "Waiting deliveries could not be read ({Failure}); trying again.")]
    public static partial void ClaimFailed(this ILogger logger, StorageFailure failure);
}
