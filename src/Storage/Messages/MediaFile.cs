namespace Evolution.Storage.Messages;

/// <summary>The file of a message in an object store.</summary>
/// <param name="ObjectName">Where it lies there.</param>
/// <param name="MediaType">The content key, such as <c>imageMessage</c>.</param>
/// <param name="Mimetype">The type that its sender gave it; may be empty.</param>
public sealed record MediaFile(string ObjectName, string MediaType, string Mimetype);
