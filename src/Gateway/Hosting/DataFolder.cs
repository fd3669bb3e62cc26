using System.Runtime.InteropServices;
using Evolution.Storage;

namespace Evolution.Gateway.Hosting;

/// <summary>The folder for everything that must survive a restart, ours alone while this runs. Only its owner can read it: it holds the accounts' keys.</summary>
internal sealed partial class DataFolder : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly DataFolderLease lease;

    private DataFolder(DataFolderLease lease) => this.lease = lease;

    public string DatabaseFile => File("evolution.db");

    public string ApiKeyFile => File("api-key");

    /// <exception cref="SettingException">The folder can't be made or written, or another process has it.</exception>
    public static DataFolder Open(string path)
    {
        ProtectNewFiles();
        try
        {
            return new DataFolder(DataFolderLease.Acquire(path));
        }
        catch (DataFolderException e)
        {
            throw new SettingException(e.Message);
        }
    }

    /// <summary>Whether the folder and the database in it are still those that were opened.</summary>
    public bool IsHeld() => lease.IsHeld() && System.IO.File.Exists(DatabaseFile);

    /// <summary>Closes to other users whatever the process makes from here on, be it by a library.</summary>
    public static void ProtectNewFiles()
    {
        if (!OperatingSystem.IsWindows())
            _ = SetFileModeMask(0b000_111_111);
    }

    /// <summary>Path of a file or folder inside.</summary>
    public string File(string name) => Path.Combine(lease.Folder, name);

    /// <summary>The global API key that is kept here; made when there is none.</summary>
    /// <exception cref="SettingException">The file can't be read or written.</exception>
    public string ReadOrMakeApiKey()
    {
        try
        {
            if (System.IO.File.Exists(ApiKeyFile) && System.IO.File.ReadAllText(ApiKeyFile).Trim() is { Length: > 0 } stored)
                return stored;
            var made = ApiKey.Generate();
            var half = ApiKeyFile + ".new";
            System.IO.File.WriteAllText(half, made + "\n");
            if (!OperatingSystem.IsWindows())
                System.IO.File.SetUnixFileMode(half, OwnerOnly);
            System.IO.File.Move(half, ApiKeyFile, overwrite: true);
            return made;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"The API key in {ApiKeyFile} can't be used: {e.Message}");
        }
    }

    public void Dispose() => lease.Dispose();

    // A library import, because .NET has no call for it.
    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial int SetFileModeMask(int mask);
}
