namespace Evolution.Storage;

/// <summary>The data folder can't be used; the message says why and what to do.</summary>
public sealed class DataFolderException(string message, Exception? innerException = null) : Exception(message, innerException);
