namespace Evolution.Load;

/// <summary>One row of the table.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Value">What came out.</param>
/// <param name="Aim">What was wanted; empty where nothing was said.</param>
/// <param name="With">The circumstances.</param>
internal sealed record Figure(string What, string Value, string Aim, string With);
