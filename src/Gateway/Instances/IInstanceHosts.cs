namespace Evolution.Gateway.Instances;

/// <summary>
/// The instances that run on this node. The host of the process starts them (those with credentials, at most 20 a second) and stops them.
/// </summary>
internal interface IInstanceHosts
{
    /// <summary>The host of a known instance; it is made when it is asked for the first time, closed.</summary>
    IInstanceHost HostOf(Instance instance);

    /// <summary>
    /// Unlinks the instance as far as WhatsApp can be reached (within 5 s), stops it and forgets it. In the end nothing writes for it any more. An
    /// instance that never ran is no error.
    /// </summary>
    Task RemoveAsync(Instance instance, CancellationToken cancellationToken);
}
