using System.Diagnostics;

namespace Evolution.Gateway.Tests.Support;

/// <summary>Audio and video made by ffmpeg when a test wants some.</summary>
internal static class Recorded
{
    /// <summary>Three seconds of a tone in stereo as a WAV.</summary>
    public static Task<byte[]> WavAsync(CancellationToken cancellationToken) =>
        MakeAsync(cancellationToken, "-f", "lavfi", "-i", "sine=frequency=440:duration=3", "-ac", "2", "-f", "wav");

    /// <summary>The same as an MP3.</summary>
    public static Task<byte[]> Mp3Async(CancellationToken cancellationToken) =>
        MakeAsync(cancellationToken, "-f", "lavfi", "-i", "sine=frequency=440:duration=3", "-c:a", "libmp3lame", "-f", "mp3");

    /// <summary>Four seconds of Opus in Ogg, silent in its first half.</summary>
    public static Task<byte[]> OggOpusAsync(CancellationToken cancellationToken) =>
        MakeAsync(cancellationToken, "-f", "lavfi", "-i", "sine=frequency=440:duration=4", "-af", "volume=0:enable='lt(t,2)'", "-c:a", "libopus", "-f", "ogg");

    /// <summary>Two seconds as a browser records them: Opus in WebM, which doesn't say how long it is.</summary>
    public static Task<byte[]> WebmAsync(CancellationToken cancellationToken) =>
        MakeAsync(cancellationToken, "-f", "lavfi", "-i", "sine=frequency=440:duration=2", "-c:a", "libopus", "-live", "1", "-f", "webm");

    /// <summary>Two seconds of video with sound, 320 × 180.</summary>
    public static Task<byte[]> Mp4Async(CancellationToken cancellationToken) => MakeAsync(cancellationToken, [.. Video, .. Mp4]);

    /// <summary>The same without its sound.</summary>
    public static Task<byte[]> SilentMp4Async(CancellationToken cancellationToken) => MakeAsync(cancellationToken, [.. Video, "-an", .. Mp4]);

    /// <summary>The same as a phone films upright: lying, with a note to turn it.</summary>
    public static async Task<byte[]> TurnedMp4Async(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("evolution-recorded-").FullName;
        try
        {
            var lying = Path.Combine(folder, "lying.mp4");
            await File.WriteAllBytesAsync(lying, await Mp4Async(cancellationToken), cancellationToken);
            return await MakeAsync(cancellationToken, ["-i", lying, "-c", "copy", "-metadata:s:v", "rotate=90", .. Fragments]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static readonly string[] Video = ["-f", "lavfi", "-i", "testsrc=size=320x180:rate=10:duration=2", "-f", "lavfi", "-i", "sine=duration=2"];

    // MP4 to a pipe has to be in pieces.
    private static readonly string[] Fragments = ["-movflags", "frag_keyframe+empty_moov", "-f", "mp4"];
    private static readonly string[] Mp4 = ["-c:v", "mpeg4", "-c:a", "aac", .. Fragments];

    /// <summary>What ffmpeg makes of these arguments.</summary>
    public static async Task<byte[]> MakeAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var start = new ProcessStartInfo("ffmpeg", ["-nostdin", "-loglevel", "error", .. arguments, "pipe:1"]) { UseShellExecute = false, RedirectStandardOutput = true };
        using var process = Start(start);
        using var made = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(made, cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(process.ExitCode == 0 && made.Length > 0, $"ffmpeg ended with {process.ExitCode} and gave {made.Length} bytes");
        return made.ToArray();
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InvalidOperationException(
                "This test needs ffmpeg. ./test installs it where it may (as root, with apt-get); elsewhere install your system's package of that name.", e);
        }
    }
}
