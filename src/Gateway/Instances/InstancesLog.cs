namespace Evolution.Gateway.Instances;

internal static partial class InstancesLog
{
    [LoggerMessage(3100, LogLevel.Information, "{Instance} was not linked within {Minutes} minutes of its creation: it is deleted (DEL_INSTANCE)")]
    public static partial void NeverLinked(ILogger logger, string instance, int minutes);

    [LoggerMessage(3101, LogLevel.Error, "{Instance} could not be deleted")]
    public static partial void NotDeleted(ILogger logger, Exception exception, string instance);
}
