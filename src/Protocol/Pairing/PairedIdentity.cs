using Evolution.Proto;

namespace Evolution.Protocol.Pairing;

/// <summary>The identity a companion got from the account's phone.</summary>
/// <param name="Account">The whole signed identity: kept, and shown to others who start a session with this device.</param>
/// <param name="ReplyIdentity">What goes back in <c>pair-device-sign</c>: the same without the account's key.</param>
/// <param name="KeyIndex">The device's place in the account's key index list.</param>
public sealed record PairedIdentity(ADVSignedDeviceIdentity Account, byte[] ReplyIdentity, uint KeyIndex);
