namespace Evolution.Client.Messages.Sending;

/// <summary>How long trusted-contact tokens live: four periods of a week each (Baileys Utils/tc-token-utils.ts).</summary>
internal static class TokenPeriods
{
    private const long Seconds = 604_800;
    private const int Count = 4;

    public static bool IsExpired(DateTimeOffset timestamp, DateTimeOffset now) =>
        timestamp.ToUnixTimeSeconds() < (Of(now) - (Count - 1)) * Seconds;

    /// <summary>Whether ours is to be given again: once in each period.</summary>
    public static bool IsIssueDue(DateTimeOffset? issuedAt, DateTimeOffset now) => issuedAt is not { } last || Of(now) > Of(last);

    private static long Of(DateTimeOffset time) => time.ToUnixTimeSeconds() / Seconds;
}
