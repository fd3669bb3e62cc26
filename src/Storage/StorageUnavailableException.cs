namespace Evolution.Storage;

/// <summary>
/// The database can't be used at the moment; nothing of the call was written. Trying again later is right: the writer recovers by itself.
/// </summary>
public sealed class StorageUnavailableException : Exception
{
    /// <summary>Says what is wrong, and keeps what the database said.</summary>
    public StorageUnavailableException(StorageFailure failure, Exception? innerException = null)
        : base(TextOf(failure), innerException) => Failure = failure;

    /// <summary>What is wrong.</summary>
    public StorageFailure Failure { get; }

    private static string TextOf(StorageFailure failure) => failure switch
    {
        StorageFailure.Full => "The database is full: free space on the disk of the data folder.",
        StorageFailure.Locked => "The database is locked by another process.",
        StorageFailure.Overloaded => "Too many writes wait for the database.",
        StorageFailure.Closed => "The database is closed.",
        _ => "The database can't be read or written.",
    };
}
