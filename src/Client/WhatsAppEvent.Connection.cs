using Evolution.Protocol.Jids;

namespace Evolution.Client;

/// <summary>The connection's state, its reason or the next try changed.</summary>
public sealed record ConnectionChanged(ConnectionStatus Status) : WhatsAppEvent;

/// <summary>A QR code to show.</summary>
/// <param name="Text">What the code encodes.</param>
/// <param name="Number">1 for the first code of a connection.</param>
/// <param name="ValidFor">How long a phone can scan it.</param>
public sealed record QrCodeIssued(string Text, int Number, TimeSpan ValidFor) : WhatsAppEvent;

/// <summary>Nobody scanned the codes of this connection, or their limit is reached. The client stops until it is started again.</summary>
public sealed record QrCodesExhausted : WhatsAppEvent;

/// <summary>A pairing code for the user to type into the phone.</summary>
/// <param name="Code">Eight characters, without dash.</param>
public sealed record PairingCodeIssued(string Code) : WhatsAppEvent;

/// <summary>A phone linked this device.</summary>
/// <param name="Device">The own device's phone JID.</param>
/// <param name="Lid">The own device's LID.</param>
/// <param name="PushName">The business name, when the account has one.</param>
/// <param name="Platform">What the phone runs, such as <c>android</c>.</param>
public sealed record Paired(Jid Device, Jid? Lid, string? PushName, string Platform) : WhatsAppEvent;

/// <summary>The identity is gone: logged out by us, by the phone or by the server. The next start makes a new one.</summary>
/// <param name="Code">The server's number, 401 when the phone removed the device.</param>
/// <param name="Reason">A short explanation.</param>
public sealed record LoggedOut(int Code, string Reason) : WhatsAppEvent;

/// <summary>The server has delivered all that waited while the device was away.</summary>
/// <param name="Count">How many stanzas it says there were.</param>
public sealed record OfflineDelivered(int Count) : WhatsAppEvent;

/// <summary>The account wants a passkey for linking, which needs a browser; the options are WebAuthn JSON.</summary>
public sealed record PasskeyRequested(string OptionsJson) : WhatsAppEvent;
