using Evolution.Protocol.Jids;

namespace Evolution.Client;

/// <summary>A person's (or our own) name changed.</summary>
public sealed record PushNameChanged(Jid User, string Name) : WhatsAppEvent;

/// <summary>A person is online, away, typing or recording.</summary>
/// <param name="Chat">The chat, without device.</param>
/// <param name="Participant">The person, in groups.</param>
/// <param name="State"><c>available</c>, <c>unavailable</c>, <c>composing</c>, <c>recording</c> or <c>paused</c>.</param>
/// <param name="LastSeen">When the person was last online, if they let us know.</param>
public sealed record PresenceChanged(Jid Chat, Jid? Participant, string State, DateTimeOffset? LastSeen) : WhatsAppEvent;

/// <summary>A person's identity key changed: a new phone, or a reinstall.</summary>
public sealed record IdentityChanged(Jid User) : WhatsAppEvent;

/// <summary>A person's two addresses became known; rows keyed by the phone JID now belong to the LID.</summary>
public sealed record AddressLearned(Jid Phone, Jid Lid) : WhatsAppEvent;

/// <summary>A person's devices changed.</summary>
public sealed record DevicesChanged(Jid User) : WhatsAppEvent;

/// <summary>A companion device that gets our messages does not prove that its account's phone linked it. It gets them all the same, as with every WhatsApp client.</summary>
public sealed record DeviceUnverified(Jid Device) : WhatsAppEvent;
