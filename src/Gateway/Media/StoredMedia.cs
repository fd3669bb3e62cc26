namespace Evolution.Gateway.Media;

/// <summary>A file that is kept, named by what is in it.</summary>
/// <param name="Sha256">Hash of its bytes.</param>
/// <param name="Path">Where it lies; never changed, never given to clients.</param>
/// <param name="Length">Its bytes.</param>
internal sealed record StoredMedia(ReadOnlyMemory<byte> Sha256, string Path, long Length)
{
    /// <summary>Opens it for reading from its beginning.</summary>
    public FileStream Open() => new(Path, new FileStreamOptions
    {
        Mode = FileMode.Open,
        Access = FileAccess.Read,
        Share = FileShare.Read | FileShare.Delete,
        Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
    });
}
