namespace Evolution.Storage.Messages;

/// <summary>Which chats to list; what is null does not filter.</summary>
public sealed record ChatFilter
{
    /// <summary>One chat, in either form.</summary>
    public string? RemoteJid { get; init; }

    /// <summary>The last message's earliest time, in seconds since 1970.</summary>
    public long? From { get; init; }

    /// <summary>The last message's latest time, in seconds since 1970.</summary>
    public long? To { get; init; }

    /// <summary>At most so many.</summary>
    public int? Take { get; init; }

    /// <summary>Leaves out the first ones.</summary>
    public int Skip { get; init; }
}
