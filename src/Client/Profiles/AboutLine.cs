namespace Evolution.Client.Profiles;

/// <summary>The line that a person says of himself.</summary>
/// <param name="Text">The line; empty when it is not shown to us.</param>
/// <param name="SetAt">When it was set, if the server tells.</param>
public sealed record AboutLine(string Text, DateTimeOffset? SetAt);
