using System.ComponentModel;

namespace Evolution.Gateway.Media;

/// <summary>
/// ffmpeg and ffprobe, where they are installed. They read files of strangers, so they get no more than the file itself: a list of formats that
/// name no other file keeps playlists out, a list of protocols keeps the network out, and time, memory and their number are bounded.
/// </summary>
internal sealed class Ffmpeg(MediaOptions options, TimeProvider time, ILogger<Ffmpeg> logger) : IDisposable
{
    /// <summary>For finding something out.</summary>
    public static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(15);

    /// <summary>For converting a file.</summary>
    public static readonly TimeSpan ConvertLimit = TimeSpan.FromMinutes(2);

    private const string Name = "ffmpeg";
    private const string ProbeName = "ffprobe";
    private const string RawPcm = "s16le";

    // No format in it opens anything but the file that holds it: no playlists (hls, dash, concat), descriptions (sdp, imf), scripts or subtitles.
    private const string Formats = "aac,ac3,aiff,amr,amrnb,amrwb,ape,asf,au,avi,caf,flac,flv,matroska,mov,mp3,mpeg,mpegts,ogg,tta,w64,wav,wv";
    private const string MaxAllocation = "268435456";
    private const string MaxPixels = "50000000";

    // Each takes a processor for itself.
    private readonly SemaphoreSlim turns = new(Environment.ProcessorCount, Environment.ProcessorCount);

    /// <summary>Whether files can be converted. Asked anew each time: it may be installed while we run.</summary>
    public bool IsInstalled => Find(Name) is not null;

    /// <summary>Whether files can be looked at.</summary>
    public bool CanProbe => Find(ProbeName) is not null;

    /// <summary>Runs ffmpeg over a file.</summary>
    /// <param name="isRawPcm">Whether the file is nothing but samples: 16 bits, little-endian, 24 kHz, mono.</param>
    /// <param name="output">What to make of it; it has to end with what goes to the standard output.</param>
    /// <param name="read">Takes the standard output until its end.</param>
    /// <param name="limit">For the run itself; to get a turn it may wait as long again.</param>
    /// <returns>False when ffmpeg can't make that of the file.</returns>
    /// <exception cref="MediaException">It can't be run, or takes too long.</exception>
    public async Task<bool> RunAsync(
        StoredMedia file, bool isRawPcm, IReadOnlyList<string> output, Func<Stream, CancellationToken, Task> read, TimeSpan limit, CancellationToken cancellationToken) =>
        await RunAsync(
            Name,
            [
                "-nostdin", "-hide_banner", "-loglevel", "error", "-max_alloc", MaxAllocation, "-threads", "1", "-max_pixels", MaxPixels,
                .. InputOf(file, isRawPcm), "-map_metadata", "-1", "-map_chapters", "-1", "-sn", "-dn", .. output,
            ],
            read,
            limit,
            cancellationToken) == 0;

    /// <summary>Runs ffprobe over a file.</summary>
    /// <param name="entries">What to show, in ffprobe's words.</param>
    /// <param name="read">Takes the JSON until its end.</param>
    /// <inheritdoc cref="RunAsync(StoredMedia, bool, IReadOnlyList{string}, Func{Stream, CancellationToken, Task}, TimeSpan, CancellationToken)"/>
    public async Task<bool> ProbeAsync(StoredMedia file, string entries, Func<Stream, CancellationToken, Task> read, CancellationToken cancellationToken) =>
        await RunAsync(
            ProbeName,
            ["-hide_banner", "-loglevel", "error", "-max_alloc", MaxAllocation, "-print_format", "json", "-show_entries", entries, .. InputOf(file, isRawPcm: false)],
            read,
            LookLimit,
            cancellationToken) == 0;

    public void Dispose() => turns.Dispose();

    private static IReadOnlyList<string> InputOf(StoredMedia file, bool isRawPcm) =>
    [
        "-protocol_whitelist", "file,pipe",
        .. isRawPcm
            ? (string[])["-format_whitelist", RawPcm, "-f", RawPcm, "-ar", "24000", "-ac", "1"]
            : ["-format_whitelist", Formats],
        // The name of the protocol makes a path of it whatever it begins with.
        "-i", $"file:{file.Path}",
    ];

    private async Task<int> RunAsync(
        string name, IReadOnlyList<string> arguments, Func<Stream, CancellationToken, Task> read, TimeSpan limit, CancellationToken cancellationToken)
    {
        var program = Find(name) ?? throw new MediaException($"{name} is not installed on this server") { IsFinal = true };
        using var late = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            await turns.WaitAsync(either.Token);
            try
            {
                late.CancelAfter(limit);
                var exitCode = await ChildProgram.RunAsync(program, arguments, read, either.Token);
                if (exitCode != 0)
                    MediaLog.ProgramFailed(logger, name, exitCode);
                return exitCode;
            }
            finally
            {
                turns.Release();
            }
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            MediaLog.ProgramTooSlow(logger, name, limit.TotalSeconds);
            throw new MediaException($"{name} did not get through the file within {limit.TotalSeconds:0} s", e);
        }
        catch (Win32Exception e)
        {
            MediaLog.ProgramNotStarted(logger, name, e.Message);
            throw new MediaException($"{name} can't be started on this server", e);
        }
    }

    // A package brings both, so that one lies beside the other.
    private string? Find(string name)
    {
        if (!options.UsesFfmpeg)
            return null;
        if (options.FfmpegPath is { } ffmpeg)
            return (name == Name ? ffmpeg : Path.Combine(Path.GetDirectoryName(ffmpeg)!, name)) is var beside && File.Exists(beside) ? beside : null;
        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathRooted)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
    }
}
