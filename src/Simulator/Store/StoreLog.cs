using Microsoft.Extensions.Logging;

namespace Evolution.Simulator.Store;

internal static partial class StoreLog
{
    [LoggerMessage(1, LogLevel.Warning, "A commit of {Count} sets failed; committing them one by one")]
    public static partial void BatchFailed(ILogger log, int count, Exception error);

    [LoggerMessage(2, LogLevel.Error, "A commit failed; nothing that depends on it was sent or acknowledged")]
    public static partial void CommitFailed(ILogger log, Exception error);
}
