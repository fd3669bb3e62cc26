using Evolution.Gateway.Instances;

namespace Evolution.Gateway.EvolutionWire;

/// <summary>The words for an instance's state.</summary>
internal static class ConnectionStateNames
{
    public static string Of(ConnectionState state) => state switch
    {
        ConnectionState.Open => "open",
        ConnectionState.Connecting => "connecting",
        _ => "close",
    };
}
