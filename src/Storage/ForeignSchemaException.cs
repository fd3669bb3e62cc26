namespace Evolution.Storage;

/// <summary>The file is a database, but another program's: nothing in it was changed.</summary>
public sealed class ForeignSchemaException() : Exception("It is the database of another program: move it away, or set DATA_DIR to another folder.");
