using Evolution.Protocol.Jids;

namespace Evolution.Client.History;

/// <summary>A person of the history.</summary>
/// <param name="User">The person, without device.</param>
/// <param name="UserAlt">The other form, if known.</param>
/// <param name="Name">The name in the phone's address book.</param>
/// <param name="PushName">The name the person set.</param>
public sealed record HistoryContact(Jid User, Jid? UserAlt, string? Name, string? PushName);
