using Evolution.Protocol.Jids;

namespace Evolution.Client.Media;

/// <summary>The message that a file belongs to, for when its sender or our phone is asked to upload it again.</summary>
/// <param name="MessageId">The message's id.</param>
/// <param name="Chat">Its chat, without device.</param>
/// <param name="FromMe">Whether the account sent it.</param>
/// <param name="Participant">Its author, in a group or status.</param>
public sealed record MediaOwner(string MessageId, Jid Chat, bool FromMe, Jid? Participant);
