namespace Evolution.Storage.Instances;

/// <summary>
/// The right to write an instance's device state. Whoever takes the instance over gets a higher number; writes with a lower one are refused.
/// </summary>
/// <param name="InstanceId">The instance.</param>
/// <param name="Number">The number given at the take-over.</param>
public sealed record InstanceFence(string InstanceId, long Number);
