namespace Evolution.Protocol.Signal;

/// <summary>Why a Signal operation failed; each calls for another reaction of the receiver.</summary>
public enum SignalError
{
    /// <summary>There is no session with this device.</summary>
    NoSession,

    /// <summary>No session we have made this message, or it was altered.</summary>
    BadMac,

    /// <summary>The message's key was used already: a duplicate. Acknowledge it; never ask for it again.</summary>
    DuplicateMessage,

    /// <summary>The message claims another identity than its session has.</summary>
    UntrustedIdentity,

    /// <summary>The one-time pre-key the message was made for is not there (any more).</summary>
    NoPreKey,

    /// <summary>The signed pre-key the message was made for is not there (any more).</summary>
    NoSignedPreKey,

    /// <summary>The message is of another protocol version than 3.</summary>
    InvalidVersion,

    /// <summary>The bytes are not a message of this kind.</summary>
    InvalidMessage,

    /// <summary>A pre-key's or a group message's signature is wrong.</summary>
    InvalidSignature,

    /// <summary>The message lies further ahead of its chain than we skip.</summary>
    TooFarInFuture,

    /// <summary>The sender's key for this group is unknown.</summary>
    NoSenderKey,
}
