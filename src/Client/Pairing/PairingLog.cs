using Microsoft.Extensions.Logging;

namespace Evolution.Client.Pairing;

internal static partial class PairingLog
{
    [LoggerMessage(1, LogLevel.Information, "Paired with a phone ({Platform}).")]
    public static partial void Paired(ILogger log, string platform);

    [LoggerMessage(2, LogLevel.Warning, "A phone answered to a pairing code that this connection did not ask for.")]
    public static partial void UnknownCode(ILogger log);
}
