namespace Evolution.Storage.Messages;

/// <summary>What happened to a message after it was stored. The first six are the statuses of <see cref="Client.MessageStatus"/>.</summary>
public enum MessageUpdate
{
    /// <summary>The server refused it.</summary>
    Error = 0,

    /// <summary>It waits for the server.</summary>
    Pending = 1,

    /// <summary>The server has it.</summary>
    ServerAck = 2,

    /// <summary>A device of the recipient has it.</summary>
    Delivered = 3,

    /// <summary>The recipient has seen it.</summary>
    Read = 4,

    /// <summary>The recipient has played it.</summary>
    Played = 5,

    /// <summary>Its author changed what it says.</summary>
    Edited = 6,

    /// <summary>Its author took it back.</summary>
    Deleted = 7,
}
