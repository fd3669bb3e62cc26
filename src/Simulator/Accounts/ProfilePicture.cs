namespace Evolution.Simulator.Accounts;

/// <summary>The picture of a person.</summary>
/// <param name="Id">Changes with each picture.</param>
/// <param name="Path">Direct path on the media host, where it lies as it is.</param>
internal sealed record ProfilePicture(string Id, string Path);
