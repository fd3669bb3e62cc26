using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Evolution.Gateway.EvolutionWire;

namespace Evolution.Gateway.Media;

/// <summary>Looks at audio and video and turns sound into what phones play. Needs ffmpeg; without it nothing is known of a file and nothing converted.</summary>
internal sealed class Recordings(Ffmpeg ffmpeg, MediaStore store, MediaOptions options)
{
    private const string Entries =
        "format=format_name,duration:stream=codec_type,codec_name,width,height,duration:stream_tags=rotate:stream_side_data=rotation:stream_disposition=attached_pic";

    private const int MaxProbeBytes = 256 * 1024;
    private const int MaxThumbnailBytes = 64 * 1024;
    private const int PcmPiece = 32 * 1024;

    // Loud enough for a waveform, and a third of the work.
    private const string WaveformRate = "16000";

    /// <summary>Whether files can be converted.</summary>
    public bool CanConvert => ffmpeg.IsInstalled;

    /// <summary>What a file is; null when that can't be found out.</summary>
    public async Task<RecordingInfo?> LookAtAsync(StoredMedia file, CancellationToken cancellationToken)
    {
        if (!ffmpeg.CanProbe)
            return null;
        try
        {
            var json = new MemoryStream();
            return await ffmpeg.ProbeAsync(file, Entries, (output, stop) => ReadAsync(output, json, MaxProbeBytes, stop), cancellationToken)
                ? InfoIn(json.GetBuffer().AsMemory(0, (int)json.Length))
                : null;
        }
        catch (MediaException)
        {
            // Logged where it happened. It is sent all the same, only less is told of it.
            return null;
        }
    }

    /// <summary>The first picture of a video as a JPEG of at most 72 pixels each way; null when there is none to be had.</summary>
    public async Task<byte[]?> ThumbnailAsync(StoredMedia file, CancellationToken cancellationToken)
    {
        if (!ffmpeg.IsInstalled)
            return null;
        try
        {
            var jpeg = new MemoryStream();
            string[] frame =
            [
                "-map", "0:V:0", "-frames:v", "1", "-vf", "scale=w=72:h=72:force_original_aspect_ratio=decrease",
                "-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "6", "-f", "image2pipe", "pipe:1",
            ];
            return await ffmpeg.RunAsync(file, isRawPcm: false, frame, (output, stop) => ReadAsync(output, jpeg, MaxThumbnailBytes, stop), Ffmpeg.LookLimit, cancellationToken)
                && jpeg.Length > 0
                ? jpeg.ToArray()
                : null;
        }
        catch (MediaException)
        {
            return null;
        }
    }

    /// <summary>How loud a file is over its time: 64 values of 0 to 100. What can't be heard is half as loud as can be, throughout; phones draw that too.</summary>
    /// <returns>Null without ffmpeg.</returns>
    public async Task<byte[]?> WaveformAsync(StoredMedia file, CancellationToken cancellationToken)
    {
        if (!ffmpeg.IsInstalled)
            return null;
        try
        {
            var meter = new LoudnessMeter();
            string[] samples = ["-map", "0:a:0", "-ac", "1", "-ar", WaveformRate, "-f", "s16le", "pipe:1"];
            return await ffmpeg.RunAsync(file, isRawPcm: false, samples, (output, stop) => MeasureAsync(output, meter, stop), Ffmpeg.LookLimit, cancellationToken)
                ? meter.ToWaveform()
                : LoudnessMeter.Unknown();
        }
        catch (MediaException)
        {
            return LoudnessMeter.Unknown();
        }
    }

    /// <summary>The sound of a file as Opus in Ogg: 48 kHz, mono, 128 kbit/s, which voice notes are.</summary>
    /// <exception cref="MediaException">It has no sound that can be read, or ffmpeg is missing.</exception>
    public Task<StoredMedia> ToVoiceAsync(StoredMedia file, bool isRawPcm, CancellationToken cancellationToken) =>
        ConvertAsync(file, isRawPcm, ["-map", "0:a:0", "-ac", "1", "-ar", "48000", "-c:a", "libopus", "-b:a", "128k", "-application", "voip", "-f", "ogg", "pipe:1"], cancellationToken);

    /// <summary>The sound of a file as MP3.</summary>
    /// <inheritdoc cref="ToVoiceAsync"/>
    public Task<StoredMedia> ToMp3Async(StoredMedia file, CancellationToken cancellationToken) =>
        ConvertAsync(file, isRawPcm: false, ["-map", "0:a:0", "-c:a", "libmp3lame", "-b:a", "128k", "-write_xing", "0", "-f", "mp3", "pipe:1"], cancellationToken);

    /// <summary>The sound of a file as AAC in MP4, which plays where Opus does not.</summary>
    /// <inheritdoc cref="ToVoiceAsync"/>
    public Task<StoredMedia> ToMp4Async(StoredMedia file, CancellationToken cancellationToken) =>
        ConvertAsync(file, isRawPcm: false, ["-map", "0:a:0", "-c:a", "aac", "-b:a", "128k", "-movflags", "frag_keyframe+empty_moov", "-f", "mp4", "pipe:1"], cancellationToken);

    private async Task<StoredMedia> ConvertAsync(StoredMedia file, bool isRawPcm, string[] output, CancellationToken cancellationToken)
    {
        await using var addition = store.Begin(options.MaxBytes);
        if (!await ffmpeg.RunAsync(file, isRawPcm, output, (made, stop) => made.CopyToAsync(addition, stop), Ffmpeg.ConvertLimit, cancellationToken) || addition.Length == 0)
            throw new MediaException("The file can't be converted: ffmpeg finds no sound in it that it can read") { IsFinal = true };
        return await addition.CompleteAsync(cancellationToken);
    }

    private static async Task MeasureAsync(Stream pcm, LoudnessMeter meter, CancellationToken cancellationToken)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PcmPiece);
        try
        {
            int read;
            while ((read = await pcm.ReadAtLeastAsync(piece.AsMemory(0, PcmPiece), PcmPiece, throwOnEndOfStream: false, cancellationToken)) > 0)
                meter.Add(MemoryMarshal.Cast<byte, short>(piece.AsSpan(0, read & ~1)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }

    private static async Task ReadAsync(Stream source, MemoryStream target, int maxBytes, CancellationToken cancellationToken)
    {
        var piece = new byte[4096];
        int read;
        while ((read = await source.ReadAsync(piece, cancellationToken)) > 0)
        {
            if (target.Length + read > maxBytes)
                throw new MediaException($"ffmpeg gave more than {maxBytes} bytes");
            target.Write(piece, 0, read);
        }
    }

    private static RecordingInfo? InfoIn(ReadOnlyMemory<byte> json)
    {
        using var document = JsonDocument.Parse(json);
        if (!document.RootElement.TryGetProperty("format", out var format) || !document.RootElement.TryGetProperty("streams", out var streams))
            return null;
        var audio = streams.EnumerateArray().FirstOrDefault(stream => stream.TextOf("codec_type") == "audio");
        var video = streams.EnumerateArray().FirstOrDefault(stream => stream.TextOf("codec_type") == "video" && !IsSleeve(stream));
        return new RecordingInfo(
            format.TextOf("format_name") ?? "",
            SecondsOf(format) ?? SecondsOf(video) ?? SecondsOf(audio),
            audio.TextOf("codec_name"),
            PictureOf(video));
    }

    private static bool IsSleeve(JsonElement stream) =>
        stream.TryGetProperty("disposition", out var disposition) && disposition.TryGetProperty("attached_pic", out var attached) && attached.GetInt32() == 1;

    private static (int Width, int Height)? PictureOf(JsonElement stream)
    {
        if (stream.ValueKind != JsonValueKind.Object || !stream.TryGetProperty("width", out var width) || !stream.TryGetProperty("height", out var height)
            || width.GetInt32() <= 0 || height.GetInt32() <= 0)
            return null;
        return IsTurned(stream) ? (height.GetInt32(), width.GetInt32()) : (width.GetInt32(), height.GetInt32());
    }

    // Phones film upright by turning what they filmed lying. Old versions tell it as a tag, newer ones as side data.
    private static bool IsTurned(JsonElement stream)
    {
        if (stream.TryGetProperty("side_data_list", out var list))
        {
            foreach (var data in list.EnumerateArray())
            {
                if (data.TryGetProperty("rotation", out var rotation) && rotation.TryGetDouble(out var angle))
                    return IsQuarter(angle);
            }
        }

        return stream.TryGetProperty("tags", out var tags)
            && double.TryParse(tags.TextOf("rotate"), NumberStyles.Float, CultureInfo.InvariantCulture, out var told) && IsQuarter(told);
    }

    private static bool IsQuarter(double angle) => Math.Abs(Math.Round(angle)) % 180 == 90;

    private static int? SecondsOf(JsonElement element) =>
        double.TryParse(element.TextOf("duration"), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < int.MaxValue
            ? Math.Max(1, (int)Math.Round(seconds, MidpointRounding.AwayFromZero))
            : null;
}
