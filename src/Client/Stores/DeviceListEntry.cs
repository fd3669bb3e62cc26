namespace Evolution.Client.Stores;

/// <summary>One device of a user.</summary>
/// <param name="Id">0 is the phone; 99 the hosted (Cloud API) device.</param>
/// <param name="KeyIndex">The index in the account's signed key list; null for the phone.</param>
/// <param name="IsHosted">Whether it is addressed at hosted / hosted.lid.</param>
public sealed record DeviceListEntry(ushort Id, uint? KeyIndex = null, bool IsHosted = false);
