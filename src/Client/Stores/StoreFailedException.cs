namespace Evolution.Client.Stores;

/// <summary>The store could not read or write: nothing that depends on it may be acknowledged.</summary>
#pragma warning disable CA1032, CA1064 // Made in one place and caught in one place, both inside the client.
internal sealed class StoreFailedException(string message, Exception innerException) : WhatsAppException(message, innerException);
#pragma warning restore CA1032, CA1064
