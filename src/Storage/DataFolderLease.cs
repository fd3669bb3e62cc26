namespace Evolution.Storage;

/// <summary>
/// The exclusive use of a data folder: an open, locked file in it. The operating system ends the lease with the process, however that ends,
/// so the next process takes over at once. The folder is made when it is missing, and closed to other users (mode 0700).
/// </summary>
public sealed class DataFolderLease : IDisposable
{
    private const string FileName = "gateway.lock";
    private readonly FileStream file;

    private DataFolderLease(string folder, FileStream file)
    {
        Folder = folder;
        this.file = file;
    }

    /// <summary>The folder, as an absolute path.</summary>
    public string Folder { get; }

    /// <summary>
    /// Whether the folder is still the one that was taken. When it was moved, deleted or replaced meanwhile, what is written is lost with the process,
    /// and another one may take the new folder.
    /// </summary>
    public bool IsHeld()
    {
        try
        {
            return File.Exists(file.Name) && File.GetLastWriteTimeUtc(file.Name) == File.GetLastWriteTimeUtc(file.SafeFileHandle);
        }
        catch (IOException)
        {
            // It went away just now.
            return false;
        }
    }

    /// <summary>Takes the folder.</summary>
    /// <exception cref="DataFolderException">Another process has it, or it can't be made, read or written; the message is for the operator.</exception>
    public static DataFolderLease Acquire(string folder)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        var path = Path.GetFullPath(folder);
        MakeFolder(path);
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            return new DataFolderLease(path, new FileStream(Path.Combine(path, FileName), options));
        }
        catch (UnauthorizedAccessException e)
        {
            throw Unusable(path, e);
        }
        catch (IOException e)
        {
            throw new DataFolderException($"The data folder {path} is in use by another process of this gateway: stop it, or set DATA_DIR to another folder.", e);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private static void MakeFolder(string path)
    {
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
                return;
            }

            Directory.CreateDirectory(path, owner);
            if (File.GetUnixFileMode(path) != owner)
                File.SetUnixFileMode(path, owner);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unusable(path, e);
        }
    }

    private static DataFolderException Unusable(string path, Exception e) =>
        new($"The data folder {path} can't be used: {e.Message} Make it writable for this user, or set DATA_DIR to another folder.", e);
}
