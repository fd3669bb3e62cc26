namespace Evolution.Client.Stores;

/// <summary>What happens to a device that was logged out. Both leave no credentials to load and no ratchet state; messages are not touched.</summary>
public enum DeviceReset
{
    /// <summary>Credentials and everything else of the device are deleted.</summary>
    Wipe,

    /// <summary>The credentials are put aside where only an operator finds them, the rest is deleted.</summary>
    Archive,
}
