using Evolution.Protocol.Jids;

namespace Evolution.Gateway.Providers;

/// <summary>A message to mark as read.</summary>
/// <param name="Id">Its id on WhatsApp.</param>
/// <param name="Chat">The chat it stands in.</param>
/// <param name="Participant">Who wrote it, in a group or a status; null when not known.</param>
internal sealed record ReadMark(string Id, Jid Chat, Jid? Participant);
