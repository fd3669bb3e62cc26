using Evolution.Protocol.Jids;

namespace Evolution.Client.Stores;

/// <summary>Names one sender key: the group (or status@broadcast) and the device that encrypts with it.</summary>
public readonly record struct SenderKeyName(Jid Group, SignalAddress Sender);
