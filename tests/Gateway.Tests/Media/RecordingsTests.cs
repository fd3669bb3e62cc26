using System.Security.Cryptography;
using System.Text;
using Evolution.Gateway.Media;
using Evolution.Gateway.Tests.Support;

namespace Evolution.Gateway.Tests.Media;

/// <summary>What the real ffmpeg makes of real files, and of such as only look like some.</summary>
public sealed class RecordingsTests : IDisposable
{
    private readonly MediaBench _bench = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _bench.Dispose();

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("wav", 3)]
    [InlineData("mp3", 3)]
    [InlineData("webm", 2)]
    [InlineData("mp4", 2)]
    public async Task Sound_becomes_mono_opus_of_the_same_length(string kind, int seconds)
    {
        var made = await _bench.Recordings.ToVoiceAsync(await SampleAsync(kind), isRawPcm: false, Stop);

        Assert.InRange((await OggOpus.LookAtAsync(made, Stop))!.Value.Seconds, seconds, seconds + 1);
        var bytes = await File.ReadAllBytesAsync(made.Path, Stop);
        // OpusHead (RFC 7845): version, channels, pre-skip, and the rate it was made of.
        Assert.Equal("OpusHead", Encoding.ASCII.GetString(bytes, 28, 8));
        Assert.Equal((1, 48_000), (bytes[37], BitConverter.ToInt32(bytes, 40)));
        Assert.Equal(new RecordingInfo("ogg", seconds, "opus", null), await _bench.Recordings.LookAtAsync(made, Stop));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_bench.Spool));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Bare_samples_are_read_as_24_kHz_mono()
    {
        var samples = await _bench.AddAsync(new byte[2 * 24_000 * 2], Stop);

        Assert.Equal((2, 1), await OggOpus.LookAtAsync(await _bench.Recordings.ToVoiceAsync(samples, isRawPcm: true, Stop), Stop));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_waveform_shows_what_is_silent_and_what_is_loud()
    {
        var waveform = await _bench.Recordings.WaveformAsync(await SampleAsync("ogg"), Stop);

        Assert.Equal(64, waveform!.Length);
        Assert.All(waveform[..30], value => Assert.InRange(value, 0, 5));
        Assert.All(waveform[34..], value => Assert.InRange(value, 80, 100));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task What_can_not_be_decoded_has_a_flat_waveform() =>
        Assert.Equal(LoudnessMeter.Unknown(), await _bench.Recordings.WaveformAsync(await SampleAsync("noise"), Stop));

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("mp3", "mp3", 3, "mp3", null, "audio/mpeg")]
    [InlineData("wav", "wav", 3, "pcm_s16le", null, null)]
    [InlineData("ogg", "ogg", 4, "opus", null, "audio/ogg; codecs=opus")]
    [InlineData("webm", "matroska,webm", null, "opus", null, null)]
    [InlineData("mp4", "mov,mp4,m4a,3gp,3g2,mj2", 2, "aac", "320x180", null)]
    [InlineData("turned mp4", "mov,mp4,m4a,3gp,3g2,mj2", 2, "aac", "180x320", null)]
    public async Task A_file_is_described(string kind, string format, int? seconds, string codec, string? picture, string? playable)
    {
        var info = (await _bench.Recordings.LookAtAsync(await SampleAsync(kind), Stop))!;

        Assert.Equal(
            (format, seconds, codec, picture, playable),
            (info.Format, info.Seconds, info.AudioCodec, info.Picture is { } size ? $"{size.Width}x{size.Height}" : null, info.PlayableAudio));
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("mp4", 72, 41)]
    [InlineData("turned mp4", 41, 72)]
    public async Task A_video_has_a_small_picture(string kind, int width, int height)
    {
        var jpeg = await _bench.Recordings.ThumbnailAsync(await SampleAsync(kind), Stop);

        using var picture = NetVips.Image.NewFromBuffer(jpeg!);
        Assert.Equal((width, height), (picture.Width, picture.Height));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Sound_has_no_picture() => Assert.Null(await _bench.Recordings.ThumbnailAsync(await SampleAsync("wav"), Stop));

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("noise")]
    [InlineData("half a header")]
    [InlineData("silent mp4")]
    [InlineData("picture")]
    public async Task What_has_no_sound_is_refused_and_nothing_of_it_stays(string kind)
    {
        var file = await SampleAsync(kind);

        var refused = await Assert.ThrowsAsync<MediaException>(() => _bench.Recordings.ToVoiceAsync(file, isRawPcm: false, Stop));

        Assert.Contains("ffmpeg", refused.Message, StringComparison.Ordinal);
        Assert.True(refused.IsFinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_bench.Spool));
    }

    // A format that opens other files is refused as such: what the files are makes no difference.
    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("ffconcat version 1.0\nfile '{0}'\n")]
    [InlineData("ffconcat version 1.0\nfile {1}\n")]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nfile://{0}\n#EXT-X-ENDLIST\n")]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n/etc/passwd\n#EXT-X-ENDLIST\n")]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nhttp://127.0.0.1:1/a.wav\n#EXT-X-ENDLIST\n")]
    [InlineData("v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n")]
    [InlineData("<?xml version=\"1.0\"?><MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\"><Period><BaseURL>{0}</BaseURL></Period></MPD>")]
    public async Task A_list_of_other_files_is_refused(string list)
    {
        var other = await SampleAsync("wav");
        var beside = Path.Combine(Path.GetDirectoryName(other.Path)!, "list");
        await File.WriteAllTextAsync(beside, string.Format(list, other.Path, Path.GetFileName(other.Path)), Stop);
        var hostile = new StoredMedia(new byte[32], beside, new FileInfo(beside).Length);

        Assert.True((await Assert.ThrowsAsync<MediaException>(() => _bench.Recordings.ToVoiceAsync(hostile, isRawPcm: false, Stop))).IsFinal);
        Assert.Null(await _bench.Recordings.LookAtAsync(hostile, Stop));
        Assert.Null(await _bench.Recordings.ThumbnailAsync(hostile, Stop));
        Assert.Equal(LoudnessMeter.Unknown(), await _bench.Recordings.WaveformAsync(hostile, Stop));
    }

    private async Task<StoredMedia> SampleAsync(string kind) => await _bench.AddAsync(
        kind switch
        {
            "wav" => await Recorded.WavAsync(Stop),
            "mp3" => await Recorded.Mp3Async(Stop),
            "ogg" => await Recorded.OggOpusAsync(Stop),
            "webm" => await Recorded.WebmAsync(Stop),
            "mp4" => await Recorded.Mp4Async(Stop),
            "turned mp4" => await Recorded.TurnedMp4Async(Stop),
            "silent mp4" => await Recorded.SilentMp4Async(Stop),
            "noise" => RandomNumberGenerator.GetBytes(10_000),
            "half a header" => (await Recorded.WavAsync(Stop))[..20],
            _ => EndToEnd.MediaSample.Jpeg,
        },
        Stop);
}
