namespace Evolution.Client;

/// <summary>How far a message got. It only rises; <see cref="Error"/> follows <see cref="Pending"/> alone.</summary>
public enum MessageStatus
{
    /// <summary>The server refused it.</summary>
    Error = 0,

    /// <summary>Stored here, not acknowledged by the server.</summary>
    Pending = 1,

    /// <summary>The server has it.</summary>
    ServerAck = 2,

    /// <summary>A device of the recipient has it.</summary>
    Delivered = 3,

    /// <summary>The recipient has seen it.</summary>
    Read = 4,

    /// <summary>The recipient has played it.</summary>
    Played = 5,
}
