using Evolution.Protocol.Jids;

namespace Evolution.Client;

/// <summary>A call began, rang, was answered somewhere, or ended. Only its signalling is known here: calls can be refused, not taken.</summary>
/// <param name="Id">The call.</param>
/// <param name="From">Who it is with, without device.</param>
/// <param name="Creator">The device that began it; <see cref="Calls.Calls.RejectAsync"/> needs it.</param>
/// <param name="CallerPhone">The caller's phone JID where the stanza names it, without device.</param>
/// <param name="State"><c>offer</c>, <c>ringing</c>, <c>preaccept</c>, <c>transport</c>, <c>relaylatency</c>, <c>accept</c>, <c>reject</c>, <c>timeout</c> or <c>terminate</c>.</param>
/// <param name="Kind">What kind of call it is; null when its offer was not seen.</param>
/// <param name="At">When it happened, by the server's clock; null when it does not say.</param>
/// <param name="Offline">Whether it happened while this device was not connected.</param>
public sealed record CallChanged(string Id, Jid From, Jid Creator, Jid? CallerPhone, string State, CallKind? Kind, DateTimeOffset? At, bool Offline) : WhatsAppEvent;

/// <summary>What a call's offer says of it.</summary>
/// <param name="IsVideo">With pictures.</param>
/// <param name="IsGroup">With more than two people.</param>
/// <param name="Group">The group that is called, if it is one.</param>
public sealed record CallKind(bool IsVideo, bool IsGroup, Jid? Group);
