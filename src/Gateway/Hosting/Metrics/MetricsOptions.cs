namespace Evolution.Gateway.Hosting.Metrics;

/// <summary>Whether and to whom <c>GET /metrics</c> answers.</summary>
/// <param name="Enabled">Off: the route is a 404 and nothing is measured.</param>
/// <param name="AllowedAddresses">Client addresses that may read; empty means all.</param>
/// <param name="RequiresLogin">Ask for HTTP Basic authentication.</param>
/// <param name="User">Its user.</param>
/// <param name="Password">Its password.</param>
internal sealed record MetricsOptions(bool Enabled, IReadOnlyList<string> AllowedAddresses, bool RequiresLogin, string? User, string? Password);
