namespace Evolution.Client.Presence;

/// <summary>What we are doing in a chat.</summary>
public enum ChatState
{
    /// <summary>Typing.</summary>
    Composing,

    /// <summary>Recording a voice message.</summary>
    Recording,

    /// <summary>Neither any more.</summary>
    Paused,
}
