using Microsoft.Extensions.Logging;

namespace Evolution.Simulator;

internal static partial class SimulatorLog
{
    [LoggerMessage(1, LogLevel.Information, "This is a simulator, not WhatsApp. WebSocket {WebSocket}, media host {Media}, {Accounts} accounts")]
    public static partial void Started(ILogger log, Uri webSocket, Uri media, int accounts);

    [LoggerMessage(2, LogLevel.Error, "VIOLATION {Code}: {Message} (stanza {StanzaId})")]
    public static partial void Violation(ILogger log, string code, string message, string? stanzaId);

    [LoggerMessage(3, LogLevel.Debug, "Connection {Connection} opened")]
    public static partial void ConnectionOpened(ILogger log, long connection);

    [LoggerMessage(4, LogLevel.Debug, "Connection {Connection} ended: {Reason}")]
    public static partial void ConnectionEnded(ILogger log, long connection, string reason);

    [LoggerMessage(5, LogLevel.Warning, "Connection {Connection} failed")]
    public static partial void ConnectionFailed(ILogger log, long connection, Exception error);

    [LoggerMessage(6, LogLevel.Information, "Connection {Connection} logged in as device {Device}")]
    public static partial void LoggedIn(ILogger log, long connection, ushort device);

    [LoggerMessage(7, LogLevel.Information, "Connection {Connection} waits to be linked")]
    public static partial void WaitsForPairing(ILogger log, long connection);

    [LoggerMessage(8, LogLevel.Warning, "Connection {Connection} was refused: {Reason}")]
    public static partial void Refused(ILogger log, long connection, string reason);

    [LoggerMessage(9, LogLevel.Warning, "The phone could not decrypt message {Id}: {Reason}; retry {Count} asked")]
    public static partial void Undecryptable(ILogger log, string id, string reason, int count);

    [LoggerMessage(10, LogLevel.Error, "A phone failed on a stanza; it stays in the queue")]
    public static partial void PhoneFailed(ILogger log, Exception error);

    [LoggerMessage(11, LogLevel.Error, "Connection {Connection} does not read: {Count} stanzas wait; closing it")]
    public static partial void Overflow(ILogger log, long connection, int count);

    [LoggerMessage(13, LogLevel.Error, "The control call {Method} {Route} failed")]
    public static partial void ControlFailed(ILogger log, string method, string? route, Exception error);
}
