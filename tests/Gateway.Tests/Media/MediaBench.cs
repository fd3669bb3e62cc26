using Evolution.Gateway.Media;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Evolution.Gateway.Tests.Media;

/// <summary>The parts that files go through, on a folder of their own.</summary>
internal sealed class MediaBench : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("evolution-media-").FullName;

    public MediaBench(string? ffmpeg = null, bool usesFfmpeg = true, long maxBytes = 50_000_000)
    {
        Options = new MediaOptions(maxBytes, FetchesFromPrivateAddresses: true) { FfmpegPath = ffmpeg, UsesFfmpeg = usesFfmpeg };
        Store = new MediaStore(new MediaFolders(Path.Combine(_folder, "media"), Spool));
        Ffmpeg = new Ffmpeg(Options, Time, NullLogger<Ffmpeg>.Instance);
        Recordings = new Recordings(Ffmpeg, Store, Options);
    }

    public FakeTimeProvider Time { get; } = new();

    public MediaOptions Options { get; }

    public MediaStore Store { get; }

    public Ffmpeg Ffmpeg { get; }

    public Recordings Recordings { get; }

    /// <summary>Where files lie while they are made.</summary>
    public string Spool => Path.Combine(_folder, "spool");

    public Task<StoredMedia> AddAsync(byte[] file, CancellationToken cancellationToken) => Store.AddAsync(new MemoryStream(file), long.MaxValue, cancellationToken);

    /// <summary>A program in a folder of its own.</summary>
    public static string Script(string folder, string text)
    {
        var path = Path.Combine(folder, "ffmpeg");
        File.WriteAllText(path, $"#!/bin/sh\n{text}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    public void Dispose()
    {
        Ffmpeg.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
