namespace Evolution.Client.Media;

/// <summary>The media hosts that the server named, and what opens them.</summary>
/// <param name="Auth">Goes with every upload.</param>
/// <param name="Lifetime">How long this may be used.</param>
/// <param name="Hosts">Best first; each with its port where it is not the usual one.</param>
internal sealed record MediaConnection(string Auth, TimeSpan Lifetime, IReadOnlyList<string> Hosts);
