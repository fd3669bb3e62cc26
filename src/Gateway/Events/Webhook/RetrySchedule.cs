namespace Evolution.Gateway.Events.Webhook;

/// <summary>When a failed delivery is tried again.</summary>
internal static class RetrySchedule
{
    /// <summary>The wait before the next try, or null when there is none.</summary>
    /// <param name="options">Attempts, delays and jitter.</param>
    /// <param name="attempt">The try that failed; 1 is the first.</param>
    /// <param name="chance">Uniform in [0, 1): where in the jitter's range this wait falls.</param>
    public static TimeSpan? DelayAfter(WebhookOptions options, int attempt, double chance)
    {
        if (attempt >= options.MaxAttempts)
            return null;
        var initial = options.InitialDelay.TotalSeconds;
        if (!options.ExponentialBackoff)
            return options.InitialDelay;
        var wait = Math.Min(initial * Math.Pow(2, attempt - 1), options.MaxDelay.TotalSeconds);
        return TimeSpan.FromSeconds(Math.Max(initial, wait + (wait * options.JitterFactor * ((2 * chance) - 1))));
    }

    /// <summary>The longest wait there can be; a resting receiver waits no longer either.</summary>
    public static TimeSpan LongestWait(WebhookOptions options)
    {
        var longest = options.InitialDelay > options.MaxDelay ? options.InitialDelay : options.MaxDelay * (1 + options.JitterFactor);
        return longest > WebhookBreaker.LongestRest ? longest : WebhookBreaker.LongestRest;
    }

    /// <summary>Whether another try can help: not for the configured statuses, nor for a body the receiver will never take.</summary>
    public static bool CanGetBetter(WebhookOptions options, int status) =>
        status is not 413 && !options.NonRetryableStatusCodes.Contains(status);
}
