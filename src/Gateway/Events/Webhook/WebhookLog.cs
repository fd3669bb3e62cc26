namespace Evolution.Gateway.Events.Webhook;

internal static partial class WebhookLog
{
    [LoggerMessage(2000, LogLevel.Debug, "{Event} of {Instance} delivered to {Subscriber} at attempt {Attempt}")]
    public static partial void Delivered(ILogger logger, string @event, string instance, string subscriber, int attempt);

    [LoggerMessage(2001, LogLevel.Warning, "{Event} of {Instance} was not delivered to {Subscriber} ({Reason}); attempt {Attempt}, next try in {Delay}")]
    public static partial void Postponed(ILogger logger, string @event, string instance, string subscriber, string reason, int attempt, TimeSpan delay);

    [LoggerMessage(2002, LogLevel.Error, "{Event} of {Instance} is given up for {Subscriber} ({Reason}) after {Attempt} attempts: it lies in the dead letters")]
    public static partial void GivenUp(ILogger logger, string @event, string instance, string subscriber, string reason, int attempt);

    [LoggerMessage(2003, LogLevel.Warning, "the deliveries of {Instance} to {Subscriber} rest for {Rest}: nobody answers there")]
    public static partial void Resting(ILogger logger, string instance, string subscriber, TimeSpan rest);

    [LoggerMessage(2004, LogLevel.Error, "the delivery loop failed and starts again in {Delay}")]
    public static partial void LoopFailed(ILogger logger, Exception exception, TimeSpan delay);
}
