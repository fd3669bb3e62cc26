using Evolution.Protocol.Nodes;
using Microsoft.Extensions.Logging;

namespace Evolution.Client.Connection;

internal static partial class ConnectionLog
{
    [LoggerMessage(1, LogLevel.Trace, "Received {Node}")]
    public static partial void Received(ILogger log, Node node);

    [LoggerMessage(2, LogLevel.Trace, "Sending {Node}")]
    public static partial void Sending(ILogger log, Node node);

    [LoggerMessage(3, LogLevel.Error, "The server sent bytes that can't be read; the connection ends.")]
    public static partial void Unreadable(ILogger log, Exception e);

    [LoggerMessage(4, LogLevel.Error, "A stanza could not be queued; the connection ends.")]
    public static partial void ReadLoopFailed(ILogger log, Exception e);

    [LoggerMessage(5, LogLevel.Information, "Connecting to {Host} (attempt {Attempt}, {Kind}).")]
    public static partial void Connecting(ILogger log, string host, int attempt, string kind);

    [LoggerMessage(6, LogLevel.Information, "Logged in after {ElapsedMs} ms.")]
    public static partial void Opened(ILogger log, long elapsedMs);

    [LoggerMessage(7, LogLevel.Information, "The connection ended: {Kind} {Code} {Text}. Then: {Action}, in {DelaySeconds} s.")]
    public static partial void Ended(ILogger log, EndKind kind, int code, string text, ReconnectAction action, double delaySeconds);

    [LoggerMessage(8, LogLevel.Error, "The server took offence at a stanza of ours ({Condition}): this is a bug.")]
    public static partial void StanzaRejected(ILogger log, string condition);

    [LoggerMessage(9, LogLevel.Warning, "Login step {Step} failed; going on.")]
    public static partial void LoginStepFailed(ILogger log, string step, Exception e);

    [LoggerMessage(10, LogLevel.Warning, "Refreshing the WhatsApp version failed; keeping {Version}.")]
    public static partial void RefreshFailed(ILogger log, WhatsAppVersion version, Exception e);

    [LoggerMessage(11, LogLevel.Information, "The WhatsApp version is now {Version}.")]
    public static partial void VersionRefreshed(ILogger log, WhatsAppVersion version);

    [LoggerMessage(12, LogLevel.Critical, "The connection loop failed; the device stays closed until it is started again.")]
    public static partial void LoopFailed(ILogger log, Exception e);

    [LoggerMessage(14, LogLevel.Error, "The store failed while connecting.")]
    public static partial void StoreFailed(ILogger log, Exception e);

    [LoggerMessage(15, LogLevel.Warning, "The server did not confirm the logout; the device ends here all the same.")]
    public static partial void LogoutUnconfirmed(ILogger log, Exception e);

    [LoggerMessage(16, LogLevel.Error, "A connection failed in an unexpected way.")]
    public static partial void AttemptFailed(ILogger log, Exception e);

    [LoggerMessage(13, LogLevel.Error, "A change of the connection's state could not be stored or announced ({Kind}).")]
    public static partial void AnnouncementFailed(ILogger log, string kind, Exception e);
}
