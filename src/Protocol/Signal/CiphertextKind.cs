namespace Evolution.Protocol.Signal;

/// <summary>The kinds of pairwise message.</summary>
public enum CiphertextKind
{
    /// <summary>A message in a session both sides have; <c>msg</c> on the wire.</summary>
    Message,

    /// <summary>A message with which its reader can start the session; <c>pkmsg</c> on the wire.</summary>
    PreKeyMessage,
}
