using Microsoft.Extensions.Logging;

namespace Evolution.Client.PreKeys;

internal static partial class PreKeyLog
{
    [LoggerMessage(1, LogLevel.Information, "Uploaded {Count} pre-keys.")]
    public static partial void Uploaded(ILogger log, int count);

    [LoggerMessage(2, LogLevel.Warning, "Uploading pre-keys failed (try {Attempt}).")]
    public static partial void UploadFailed(ILogger log, int attempt, Exception e);

    [LoggerMessage(3, LogLevel.Warning, "The server holds other keys than ours; uploading: {Uploading}.")]
    public static partial void BundleDiffers(ILogger log, bool uploading);

    [LoggerMessage(4, LogLevel.Warning, "The server holds none of our keys; uploading anew.")]
    public static partial void BundleMissing(ILogger log);

    [LoggerMessage(5, LogLevel.Information, "The signed pre-key is now number {Id}.")]
    public static partial void Rotated(ILogger log, uint id);
}
