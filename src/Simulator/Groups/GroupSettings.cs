namespace Evolution.Simulator.Groups;

/// <summary>What a group has beside its subject and members. Stored as JSON; changes replace the whole.</summary>
internal sealed record GroupSettings
{
    /// <summary>The code of the invite link; null until somebody asks for it.</summary>
    public string? InviteCode { get; init; }

    public GroupDescription? Description { get; init; }

    /// <summary>After how many seconds messages disappear; 0 when they stay.</summary>
    public int EphemeralSeconds { get; init; }
}

/// <summary>A group's description.</summary>
/// <param name="Id">Changes with every text.</param>
/// <param name="ByNumber">Number of who wrote it.</param>
/// <param name="ByLid">User part of his LID.</param>
internal sealed record GroupDescription(string Id, string Text, DateTimeOffset At, string ByNumber, string ByLid);
