using Evolution.Protocol.Jids;

namespace Evolution.Client.Messages.Sending;

/// <summary>The way of a kind of message to its readers' devices.</summary>
internal interface IDelivery
{
    /// <summary>Finds who gets a message.</summary>
    /// <param name="readers">Who reads a status; null for other chats.</param>
    /// <exception cref="RecipientUnknownException">There is no such chat for us.</exception>
    ValueTask<IDeliveryPlan> PlanAsync(Jid chat, IReadOnlyCollection<Jid>? readers, CancellationToken ct);
}
