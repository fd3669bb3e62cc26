namespace Evolution.Storage.Messages;

/// <summary>A chat with messages, as the list of chats shows it.</summary>
public sealed record ChatSummary
{
    /// <summary>The JID clients see.</summary>
    public required string RemoteJid { get; init; }

    /// <summary>The chat's row; null when chats are not stored.</summary>
    public ChatRow? Chat { get; init; }

    /// <summary>The contact's row; null when there is none.</summary>
    public ContactRow? Contact { get; init; }

    /// <summary>The newest message.</summary>
    public required MessageRow LastMessage { get; init; }
}
