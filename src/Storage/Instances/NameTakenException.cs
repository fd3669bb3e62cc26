namespace Evolution.Storage.Instances;

/// <summary>An instance with this name exists.</summary>
public sealed class NameTakenException(string name) : Exception($"The name \"{name}\" is already in use.");
