namespace Evolution.Gateway.Media;

/// <summary>A store of files outside this machine, from which clients fetch by signed addresses.</summary>
internal interface IObjectStorage
{
    /// <summary>Where it is, for people.</summary>
    string Description { get; }

    /// <summary>Makes sure that files can be put.</summary>
    /// <exception cref="ObjectStorageException">They can't.</exception>
    Task PrepareAsync(CancellationToken cancellationToken);

    /// <summary>Puts a file, whatever lay under its name before. Little of it is in memory at a time.</summary>
    /// <param name="name">At most 1024 bytes.</param>
    /// <param name="file">What to put.</param>
    /// <param name="mimetype">What whoever fetches it is told.</param>
    /// <param name="fileName">The name under which a browser saves it; null for that in its address.</param>
    /// <exception cref="ObjectStorageException">It does not lie there now.</exception>
    Task PutAsync(string name, StoredMedia file, string mimetype, string? fileName, CancellationToken cancellationToken);

    /// <summary>Reads a file from its beginning; null when there is none of this name.</summary>
    /// <exception cref="ObjectStorageException">It can't be read.</exception>
    Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken);

    /// <summary>Where anybody who knows this address may fetch the file for a week. Whether it is there is not asked.</summary>
    Uri AddressOf(string name);
}
