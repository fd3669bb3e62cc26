namespace Evolution.Gateway.Api;

/// <summary>Whose key a request carried.</summary>
/// <param name="IsGlobal">It was the global key.</param>
/// <param name="Token">The instance token that was accepted; null with the global key and on open routes.</param>
internal readonly record struct Caller(bool IsGlobal, string? Token);
