namespace Evolution.Gateway.Hosting;

/// <summary>The simulator inside the gateway's process.</summary>
/// <param name="Port">Port of its control API. Default 8085.</param>
internal sealed record SandboxOptions(int Port);
