namespace Evolution.Client.Stores;

/// <summary>The state of the one-time pre-keys.</summary>
/// <param name="NextId">The smallest id that was never handed out; 1 for a new device.</param>
/// <param name="Unpublished">Ids that exist and whose upload the server has not confirmed, ascending.</param>
public sealed record PreKeyInventory(uint NextId, IReadOnlyList<uint> Unpublished);
