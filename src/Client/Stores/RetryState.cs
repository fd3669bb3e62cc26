namespace Evolution.Client.Stores;

/// <summary>The retries of one message with one device.</summary>
/// <param name="Count">How many were asked or answered.</param>
/// <param name="LastAt">When the last one was.</param>
/// <param name="BaseKey">The session's base key at the second answer: if a later request finds the same one, the session is remade.</param>
public sealed record RetryState(int Count, DateTimeOffset LastAt, byte[]? BaseKey = null);
