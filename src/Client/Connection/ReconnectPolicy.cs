namespace Evolution.Client.Connection;

/// <summary>
/// When to connect again, and when never: one table for every way a connection can end. Pure.
/// Sources: Baileys src/Types/index.ts (DisconnectReason) and src/Socket/socket.ts; whatsmeow connectionevents.go; WhatsApp Web's
/// Fibonacci back-off as whatsapp-rust has it.
/// </summary>
internal static class ReconnectPolicy
{
    /// <summary>A connection this old that ends was stable: the back-off starts anew.</summary>
    public static readonly TimeSpan StableAfter = TimeSpan.FromSeconds(60);

    /// <summary>The longest back-off.</summary>
    public static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(15);

    /// <summary>So many expected ends in a row are taken for what they are; the next one waits.</summary>
    public const int MostRestarts = 3;

    // First match wins. A null code matches every code, a null condition every condition.
    private static readonly Row[] Table =
    [
        new(EndKind.StreamError, 515, null, ReconnectAction.Restart),
        new(EndKind.StreamError, 401, "device_removed", ReconnectAction.LogOutAndWipe),
        new(EndKind.StreamError, null, "replaced", ReconnectAction.Stop),
        new(EndKind.StreamError, 440, null, ReconnectAction.Stop),
        new(EndKind.StreamError, 401, null, ReconnectAction.LogOut),
        new(EndKind.StreamError, 516, null, ReconnectAction.LogOut),
        new(EndKind.StreamError, null, null, ReconnectAction.Wait),

        new(EndKind.LoginFailure, 402, null, ReconnectAction.Wait),
        new(EndKind.LoginFailure, 405, null, ReconnectAction.RefreshVersion),
        new(EndKind.LoginFailure, 429, null, ReconnectAction.Wait),
        new(EndKind.LoginFailure, 500, null, ReconnectAction.Wait),
        new(EndKind.LoginFailure, 503, null, ReconnectAction.Wait),
        new(EndKind.LoginFailure, null, null, ReconnectAction.LogOutAndArchive),

        new(EndKind.ConnectFailed, null, null, ReconnectAction.Wait),
        new(EndKind.Untrusted, null, null, ReconnectAction.Wait),
        new(EndKind.Closed, null, null, ReconnectAction.Wait),
        new(EndKind.Silent, null, null, ReconnectAction.Wait),
        new(EndKind.StoreFailed, null, null, ReconnectAction.Wait),
        new(EndKind.LaneFull, null, null, ReconnectAction.Restart),
        new(EndKind.NoMultiDevice, null, null, ReconnectAction.Stop),
        new(EndKind.QrReferencesUsed, null, null, ReconnectAction.Restart),
        new(EndKind.QrExhausted, null, null, ReconnectAction.Stop),
        new(EndKind.Fenced, null, null, ReconnectAction.Stop),
        new(EndKind.Stopped, null, null, ReconnectAction.Stop),
        new(EndKind.LoggedOutByUs, null, null, ReconnectAction.LogOutAndWipe),
    ];

    /// <summary>Decides.</summary>
    /// <param name="end">How the connection ended.</param>
    /// <param name="history">What came before.</param>
    /// <param name="jitter">A random number from −1 to 1.</param>
    public static ReconnectDecision Decide(ConnectionEnd end, ReconnectHistory history, double jitter)
    {
        var action = Array.Find(Table, row => row.Matches(end))!.Action;
        return action switch
        {
            // A full lane restarts as often as it takes: each time it has handled all it could hold.
            ReconnectAction.Restart when history.Restarts >= MostRestarts && end.Kind != EndKind.LaneFull => new(ReconnectAction.Wait, BackOff(history.Attempt, jitter)),
            ReconnectAction.RefreshVersion when history.VersionRefreshed => new(ReconnectAction.Stop),
            ReconnectAction.Wait => new(ReconnectAction.Wait, end.Expire ?? BackOff(history.Attempt, jitter)),
            _ => new(action),
        };
    }

    /// <summary>1, 1, 2, 3, 5, 8, … seconds, ten percent more or less, never over <see cref="LongestDelay"/>.</summary>
    public static TimeSpan BackOff(int attempt, double jitter)
    {
        double current = 1, next = 1;
        for (var i = 0; i < attempt && current < LongestDelay.TotalSeconds; i++)
            (current, next) = (next, current + next);
        return TimeSpan.FromSeconds(Math.Min(current * (1 + (0.1 * jitter)), LongestDelay.TotalSeconds));
    }

    private sealed record Row(EndKind Kind, int? Code, string? Condition, ReconnectAction Action)
    {
        public bool Matches(ConnectionEnd end) =>
            end.Kind == Kind
            && (Code is null || Code == end.Code)
            && (Condition is null || Condition == end.Condition);
    }
}
