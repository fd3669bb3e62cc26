namespace Evolution.Client;

/// <summary>Codes with which the server refuses a message, as far as their meaning is known (Baileys, whatsmeow); <see cref="MessageStatusChanged.ErrorCode"/> may have others.</summary>
public static class MessageErrorCode
{
    /// <summary>The group addresses its members in another way by now.</summary>
    public const int FormerAddressing = 421;

    /// <summary>The recipient has given us no token, or this account may not begin chats for now. Trying again makes it worse.</summary>
    public const int Restricted = 463;

    /// <summary>The stanza is not valid; most likely a device of the recipient is gone.</summary>
    public const int InvalidStanza = 479;
}
