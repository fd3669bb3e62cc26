using Microsoft.Extensions.Logging;

namespace Evolution.Client.Dispatch;

internal static partial class DispatchLog
{
    [LoggerMessage(1, LogLevel.Debug, "Nobody handles <{Tag}>.")]
    public static partial void Ignored(ILogger log, string tag);

    [LoggerMessage(2, LogLevel.Information, "Nobody handles <{Tag} type={Type}>; acknowledging it.")]
    public static partial void Unknown(ILogger log, string tag, string? type);

    [LoggerMessage(3, LogLevel.Warning, "A chat's queue is full. What comes now is left to the server, and the connection renewed once the queue has drained.")]
    public static partial void LaneFull(ILogger log);

    [LoggerMessage(4, LogLevel.Error, "Handling <{Tag} type={Type}> failed; it is refused.")]
    public static partial void HandlerFailed(ILogger log, string tag, string? type, Exception e);

    [LoggerMessage(5, LogLevel.Error, "A chat's stanzas could not be stored. Nothing is acknowledged, and the connection is renewed.")]
    public static partial void LaneFailed(ILogger log, Exception e);

    [LoggerMessage(6, LogLevel.Error, "{Active} chats are still being handled 30 s after the connection ended.")]
    public static partial void StillBusy(ILogger log, int active);

    [LoggerMessage(8, LogLevel.Debug, "<{Tag} id={Id}> is handled; it is answered once it is stored.")]
    public static partial void Handled(ILogger log, string tag, string? id);

    [LoggerMessage(7, LogLevel.Warning, "What had to follow the commit of <{Tag}> failed.")]
    public static partial void AfterCommitFailed(ILogger log, string tag, Exception e);
}
