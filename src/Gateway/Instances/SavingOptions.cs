namespace Evolution.Gateway.Instances;

/// <summary>What of the traffic is kept for the find routes. What the protocol itself needs is always kept.</summary>
/// <param name="Messages">Sent and received messages.</param>
/// <param name="MessageUpdates">Status changes of messages.</param>
/// <param name="Contacts">Contacts.</param>
/// <param name="Chats">Chats.</param>
/// <param name="History">Chats and messages of the history sync.</param>
/// <param name="NumberLookupDays">How long a number that was found on WhatsApp is believed to be there; 0 asks each time.</param>
internal sealed record SavingOptions(bool Messages, bool MessageUpdates, bool Contacts, bool Chats, bool History, int NumberLookupDays)
{
    /// <summary>Whether a message that the API deletes stays, marked as deleted, rather than goes.</summary>
    public bool DeletedMessages { get; init; }
}
