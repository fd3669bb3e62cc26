namespace Evolution.Client.Media;

/// <summary>Files on their way: readable by their owner only, gone when closed.</summary>
internal static class SpoolFile
{
    public const string Prefix = "evolution-media-";

    private const int BufferLength = 81920;

    /// <summary>Makes one in a folder, which is made when it is missing.</summary>
    public static FileStream Create(string folder)
    {
        Directory.CreateDirectory(folder);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = BufferLength,
            Options = FileOptions.DeleteOnClose | FileOptions.Asynchronous,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(Path.Combine(folder, $"{Prefix}{Environment.ProcessId}-{Guid.NewGuid():N}"), options);
    }
}
