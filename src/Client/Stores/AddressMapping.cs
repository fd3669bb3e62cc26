using Evolution.Protocol.Jids;

namespace Evolution.Client.Stores;

/// <summary>A person's two addresses, both without device. A later mapping of either replaces the earlier one.</summary>
public sealed record AddressMapping(Jid Phone, Jid Lid);
