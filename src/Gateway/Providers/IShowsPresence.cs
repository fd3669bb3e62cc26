using Evolution.Protocol.Jids;

namespace Evolution.Gateway.Providers;

/// <summary>Shows whether the account is there and what it does in a chat.</summary>
internal interface IShowsPresence
{
    /// <summary>Shows the account as available or unavailable to everyone who may see it.</summary>
    Task ShowAvailabilityAsync(bool available, CancellationToken cancellationToken);

    /// <summary>Shows what the account does in one chat.</summary>
    Task ShowActivityAsync(Jid chat, ChatActivity activity, CancellationToken cancellationToken);

    /// <summary>Asks to be told of the other side's presence.</summary>
    Task SubscribeAsync(Jid user, CancellationToken cancellationToken);
}
