namespace Evolution.Storage;

/// <summary>The database was written by a later release, whose schema this one does not know.</summary>
public sealed class NewerSchemaException(long found, long known)
    : Exception($"The database has schema version {found}, this release knows {known}: start a release at least as new as the one that wrote it.");
