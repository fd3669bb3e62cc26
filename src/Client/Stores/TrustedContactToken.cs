using Evolution.Protocol.Jids;

namespace Evolution.Client.Stores;

/// <summary>The trusted-contact token ("tctoken") a peer gave us, and when we last gave him ours.</summary>
/// <param name="User">The peer, without device.</param>
/// <param name="Token">The blob to attach to messages; null when the peer gave none yet.</param>
/// <param name="Timestamp">The token's time; an older one never replaces a newer one.</param>
/// <param name="IssuedAt">When we last issued ours to this peer.</param>
public sealed record TrustedContactToken(Jid User, byte[]? Token, DateTimeOffset? Timestamp, DateTimeOffset? IssuedAt);
