namespace Evolution.Storage;

/// <summary>Why the database could not be used.</summary>
public enum StorageFailure
{
    /// <summary>No space is left, on the disk or under the configured limit.</summary>
    Full,

    /// <summary>Another process holds the write lock for longer than the busy timeout.</summary>
    Locked,

    /// <summary>More writes wait than the queue holds.</summary>
    Overloaded,

    /// <summary>The file can't be opened, read or written.</summary>
    Unreadable,

    /// <summary>The database is being closed.</summary>
    Closed,
}
