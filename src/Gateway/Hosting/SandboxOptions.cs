namespace Evolution.Gateway.Hosting;

/// <summary>The simulator inside the gateway's process.</summary>
/// <param name="Port">Port of its control API. Default 8085.</param>
/// <param name="PortSetting">What a person sets to choose another port.</param>
internal sealed record SandboxOptions(int Port, string PortSetting = "SANDBOX_PORT");
