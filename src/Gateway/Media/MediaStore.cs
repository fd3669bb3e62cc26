namespace Evolution.Gateway.Media;

/// <summary>
/// Keeps files on the local disk, each once, under its hash, with an empty file beside it for each instance that has it. A file appears whole or not at all. All of it can be read by the owner of the process
/// only (see <see cref="Hosting.DataFolder"/>).
/// </summary>
internal sealed class MediaStore
{
    private readonly MediaFolders folders;

    public MediaStore(MediaFolders folders)
    {
        this.folders = folders;
        Directory.CreateDirectory(folders.Store);
        Directory.CreateDirectory(folders.Spool);
        // Nothing can be on its way yet: these are what a crash left behind.
        foreach (var left in Directory.EnumerateFiles(folders.Spool))
            File.Delete(left);
    }

    /// <summary>Begins a new file; nothing is kept before it is completed.</summary>
    public MediaAddition Begin(long maxBytes) => new(this, Path.Combine(folders.Spool, $"new-{Guid.NewGuid():N}"), maxBytes);

    /// <summary>Keeps what a stream gives until its end.</summary>
    /// <exception cref="MediaException">It is larger than allowed.</exception>
    public async Task<StoredMedia> AddAsync(Stream source, long maxBytes, CancellationToken cancellationToken)
    {
        await using var addition = Begin(maxBytes);
        await source.CopyToAsync(addition, cancellationToken);
        return await addition.CompleteAsync(cancellationToken);
    }

    /// <summary>The file with this hash; null when it isn't kept, or the instance has not claimed it. To know a hash is not to have the file.</summary>
    public StoredMedia? Find(string instanceId, ReadOnlySpan<byte> sha256)
    {
        var file = new FileInfo(PathOf(sha256));
        return file.Exists && File.Exists(ClaimOf(file.FullName, instanceId)) ? new StoredMedia(sha256.ToArray(), file.FullName, file.Length) : null;
    }

    /// <summary>Notes that an instance has a file: it sends it, or has got it from where only its owner gets it.</summary>
    public static void Claim(string instanceId, StoredMedia file)
    {
        using var claim = new FileStream(ClaimOf(file.Path, instanceId), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
    }

    /// <summary>Takes a finished file in.</summary>
    internal StoredMedia Adopt(string path, byte[] sha256, long length)
    {
        var place = PathOf(sha256);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.Move(path, place, overwrite: true);
        return new StoredMedia(sha256, place, length);
    }

    private static string ClaimOf(string path, string instanceId) => $"{path}.{instanceId}";

    // Two letters of the hash make the folders: none gets too full.
    private string PathOf(ReadOnlySpan<byte> sha256)
    {
        var name = Convert.ToHexStringLower(sha256);
        return Path.Combine(folders.Store, name[..2], name);
    }
}
