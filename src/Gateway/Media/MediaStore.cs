using Evolution.Gateway.Hosting;

namespace Evolution.Gateway.Media;

/// <summary>
/// Keeps files on the local disk, each once, under its hash, with an empty file beside it for each instance that has it. A file appears whole or not at all. All of it can be read by the owner of the process
/// only (see <see cref="Hosting.DataFolder"/>).
/// </summary>
internal sealed class MediaStore
{
    // A file that is taken in may not have been claimed yet.
    private static readonly TimeSpan Unclaimed = TimeSpan.FromHours(1);

    private readonly MediaFolders folders;
    private readonly Lock taking = new();

    /// <exception cref="SettingException">The folders can't be made or written.</exception>
    public MediaStore(MediaFolders folders)
    {
        this.folders = folders;
        try
        {
            Directory.CreateDirectory(folders.Store);
            Directory.CreateDirectory(folders.Spool);
            // Nothing can be on its way yet: these are what a crash left behind.
            foreach (var left in Directory.EnumerateFiles(folders.Spool))
                File.Delete(left);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"The folders {folders.Store} and {folders.Spool} can't be used: {e.Message}");
        }
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
    /// <exception cref="MediaFolderException">The disk refuses.</exception>
    public static void Claim(string instanceId, StoredMedia file)
    {
        try
        {
            using var claim = new FileStream(ClaimOf(file.Path, instanceId), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
        }
        catch (Exception e) when (MediaFolderException.IsMeantBy(e))
        {
            throw new MediaFolderException(e);
        }
    }

    /// <summary>Removes what nobody has: what was taken in and never used, and what instances had that are no more.</summary>
    /// <param name="exists">Whether there is an instance with this id.</param>
    /// <param name="now">The time.</param>
    /// <param name="cancellationToken">Leaves the rest for the next time.</param>
    /// <returns>How many files were removed.</returns>
    /// <exception cref="IOException">The disk refuses.</exception>
    public int RemoveAbandoned(Func<string, bool> exists, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (removed, young) = (0, now.UtcDateTime - Unclaimed);
        foreach (var folder in Directory.EnumerateDirectories(folders.Store))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (files, claims) = (ContentsOf(folder, "*", areClaims: false), ContentsOf(folder, "*", areClaims: true));
            foreach (var claim in claims.Where(claim => !exists(Path.GetExtension(claim)[1..])))
                File.Delete(claim);
            foreach (var file in files.Where(file => File.GetLastWriteTimeUtc(file) <= young))
            {
                lock (taking)
                {
                    // Looked at again: it may have been taken in anew meanwhile.
                    if (File.GetLastWriteTimeUtc(file) > young || ContentsOf(folder, Path.GetFileName(file) + "*", areClaims: true).Count > 0)
                        continue;
                    File.Delete(file);
                    removed++;
                }
            }
        }

        return removed;
    }

    /// <summary>Takes a finished file in.</summary>
    internal StoredMedia Adopt(string path, byte[] sha256, long length)
    {
        var place = PathOf(sha256);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        lock (taking)
            File.Move(path, place, overwrite: true);
        return new StoredMedia(sha256, place, length);
    }

    private static List<string> ContentsOf(string folder, string pattern, bool areClaims) =>
        [.. Directory.EnumerateFiles(folder, pattern).Where(file => Path.HasExtension(file) == areClaims)];

    private static string ClaimOf(string path, string instanceId) => $"{path}.{instanceId}";

    // Two letters of the hash make the folders: none gets too full.
    private string PathOf(ReadOnlySpan<byte> sha256)
    {
        var name = Convert.ToHexStringLower(sha256);
        return Path.Combine(folders.Store, name[..2], name);
    }
}
