using Evolution.Protocol.Jids;

namespace Evolution.Client.Stores;

/// <summary>Counts retries per message and device.</summary>
/// <param name="Direction">Whether we asked or answered.</param>
/// <param name="MessageId">The message's id.</param>
/// <param name="Device">The device that sent it (asked) or that wants it again (answered).</param>
public readonly record struct RetryKey(RetryDirection Direction, string MessageId, Jid Device);
