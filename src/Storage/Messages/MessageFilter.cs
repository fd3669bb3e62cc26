namespace Evolution.Storage.Messages;

/// <summary>Which messages to find; what is null does not filter. A person's JID may be given in either form.</summary>
public sealed record MessageFilter
{
    /// <summary>The row's id.</summary>
    public string? Id { get; init; }

    /// <summary>WhatsApp's id.</summary>
    public string? KeyId { get; init; }

    public bool? FromMe { get; init; }

    /// <summary>The chat.</summary>
    public string? RemoteJid { get; init; }

    /// <summary>The author in a group.</summary>
    public string? Participant { get; init; }

    public string? MessageType { get; init; }

    public string? Source { get; init; }

    /// <summary>The earliest message time, in seconds since 1970.</summary>
    public long? From { get; init; }

    /// <summary>The latest message time, in seconds since 1970.</summary>
    public long? To { get; init; }
}
