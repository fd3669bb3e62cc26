namespace Evolution.Gateway.Media;

/// <summary>Where files lie.</summary>
/// <param name="Store">What is kept.</param>
/// <param name="Spool">What is on its way; nothing in it outlives the process that made it.</param>
internal sealed record MediaFolders(string Store, string Spool);
