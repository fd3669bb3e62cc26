namespace Evolution.Gateway.Media;

/// <summary>The object store can't be reached or refuses; the message says why, for the operator.</summary>
internal sealed class ObjectStorageException(string message, Exception innerException) : Exception(message, innerException);
