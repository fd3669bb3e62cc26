using Evolution.Protocol.Signal;
using Microsoft.Extensions.Logging;

namespace Evolution.Client.Messages.Sending;

internal static partial class DeviceSessionsLog
{
    [LoggerMessage(EventId = 320, Level = LogLevel.Warning, Message = "Device {Device} of a recipient gets no copy: it has no session and the server has no keys for it")]
    public static partial void NoSession(this ILogger logger, ushort device);

    [LoggerMessage(EventId = 321, Level = LogLevel.Warning, Message = "The key bundle of device {Device} is refused: {Error}")]
    public static partial void BadBundle(this ILogger logger, SignalError error, ushort device);

    [LoggerMessage(EventId = 322, Level = LogLevel.Warning, Message = "Companion device {Device} of a recipient does not prove that its account's phone linked it")]
    public static partial void UnverifiedDevice(this ILogger logger, ushort device);
}
