namespace Evolution.Gateway.Instances;

/// <summary>An instance's state as API clients see it.</summary>
internal enum ConnectionState
{
    /// <summary>Not connected and not trying to.</summary>
    Close,

    /// <summary>Connecting, waiting for a scan, or waiting for the next try.</summary>
    Connecting,

    /// <summary>Logged in.</summary>
    Open,
}
