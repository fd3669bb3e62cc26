using Evolution.Protocol.Jids;

namespace Evolution.Client.Messages.Sending;

/// <summary>Where a message encrypted again goes.</summary>
/// <param name="MessageId">The message's id, unchanged.</param>
/// <param name="To">The device that asked, or the group.</param>
/// <param name="Participant">In groups, the device that asked.</param>
/// <param name="Recipient">For our own devices, the chat the message belongs to.</param>
internal sealed record RetryTarget(string MessageId, Jid To, Jid? Participant, Jid? Recipient);
