using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Evolution.Gateway.Tests.Media;
using Evolution.Gateway.Tests.Support;
using Evolution.Simulator.Phones;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>Files that are converted or described on their way to the phone, with the ffmpeg of this machine and without any.</summary>
public sealed class ConvertedMediaTests : IAsyncDisposable
{
    private LinkedGateway? _linked;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_linked is not null)
            await _linked.DisposeAsync();
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("wav", 3)]
    [InlineData("webm", 2)]
    [InlineData("mp4", 2)]
    public async Task Any_sound_is_heard_as_a_voice_note(string kind, int seconds)
    {
        await StartAsync();

        var answer = await SendAsync("sendWhatsAppAudio", new { number = LinkedGateway.OtherNumber, audio = await SampleAsync(kind), encoding = true });

        var told = answer["message"]!["audioMessage"]!;
        Assert.Equal(("audio/ogg; codecs=opus", true), ((string?)told["mimetype"], (bool?)told["ptt"]));
        Assert.Equal(64, told["waveform"]!.AsObject().Count);
        var heard = (await SeenAsync(answer)).Content.AudioMessage;
        Assert.True(heard.Ptt);
        Assert.InRange((int)heard.Seconds, seconds, seconds + 1);
        Assert.Equal(64, heard.Waveform.Length);
        Assert.Equal(100, heard.Waveform.Max());
        await _linked!.Receiver.WaitAsync("send.message", data => JsonNode.DeepEquals(data, answer), Ct);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_voice_note_that_is_one_stays_as_it_is_and_gets_its_waveform()
    {
        await StartAsync();
        var opus = await Recorded.OggOpusAsync(Ct);

        var heard = (await SeenAsync(await SendAsync("sendWhatsAppAudio", new { number = LinkedGateway.OtherNumber, audio = Convert.ToBase64String(opus) }))).Content.AudioMessage;

        Assert.Equal(SHA256.HashData(opus), heard.FileSha256.ToByteArray());
        Assert.Equal(4U, heard.Seconds);
        Assert.InRange(heard.Waveform.Take(30).Max(), 0, 5);
        Assert.InRange(heard.Waveform.Skip(34).Min(), 80, 100);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_voice_note_in_stereo_becomes_mono_unless_the_caller_vouches_for_it()
    {
        await StartAsync();
        var stereo = await Recorded.MakeAsync(Ct, "-f", "lavfi", "-i", "sine=duration=1", "-ac", "2", "-c:a", "libopus", "-f", "ogg");
        var audio = Convert.ToBase64String(stereo);

        var made = (await SeenAsync(await SendAsync("sendWhatsAppAudio", new { number = LinkedGateway.OtherNumber, audio }))).Content.AudioMessage;
        var kept = (await SeenAsync(await SendAsync("sendWhatsAppAudio", new { number = LinkedGateway.OtherNumber, audio, encoding = false }))).Content.AudioMessage;

        Assert.NotEqual(SHA256.HashData(stereo), made.FileSha256.ToByteArray());
        Assert.Equal(SHA256.HashData(stereo), kept.FileSha256.ToByteArray());
        Assert.Equal((1U, 64, 1U, 64), (made.Seconds, made.Waveform.Length, kept.Seconds, kept.Waveform.Length));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Bare_samples_are_known_by_the_end_of_their_address()
    {
        await StartAsync();
        await using var web = await FileServer.StartAsync(context => context.Response.Body.WriteAsync(new byte[2 * 24_000 * 2], Ct).AsTask(), Ct);

        var heard = (await SeenAsync(await SendAsync("sendWhatsAppAudio", new { number = LinkedGateway.OtherNumber, audio = new Uri(web.Url, "/speech.lpcm").ToString() }))).Content.AudioMessage;

        Assert.Equal(2U, heard.Seconds);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_video_is_described_and_stays_as_it_is()
    {
        await StartAsync();
        var video = await Recorded.Mp4Async(Ct);

        var clip = (await SeenAsync(await SendAsync("sendMedia", new { number = LinkedGateway.OtherNumber, mediatype = "video", media = Convert.ToBase64String(video) }))).Content.VideoMessage;
        var note = (await SeenAsync(await SendAsync("sendPtv", new { number = LinkedGateway.OtherNumber, video = Convert.ToBase64String(video) }))).Content.PtvMessage;
        var status = (await SeenAsync(await SendAsync("sendStatus", new { type = "video", content = Convert.ToBase64String(video), statusJidList = new[] { LinkedGateway.OtherNumber } }))).Content.VideoMessage;

        Assert.All([clip, note, status], seen =>
        {
            Assert.Equal(SHA256.HashData(video), seen.FileSha256.ToByteArray());
            Assert.Equal((2U, 320U, 180U), (seen.Seconds, seen.Width, seen.Height));
            using var small = NetVips.Image.JpegloadBuffer(seen.JpegThumbnail.ToByteArray());
            Assert.Equal((72, 41), (small.Width, small.Height));
        });
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("mp3", "audio/mpeg", "audio/mpeg", true)]
    [InlineData("ogg", "audio/mpeg", "audio/ogg; codecs=opus", true)]
    [InlineData("wav", "audio/mpeg", "audio/mpeg", false)]
    [InlineData("webm", null, "audio/mpeg", false)]
    public async Task Music_arrives_as_something_that_phones_play_under_its_own_type(string kind, string? given, string type, bool isUntouched)
    {
        await StartAsync();
        var base64 = await SampleAsync(kind);

        var music = (await SeenAsync(await SendAsync("sendMedia", new { number = LinkedGateway.OtherNumber, mediatype = "audio", media = base64, mimetype = given ?? "" }))).Content.AudioMessage;

        Assert.Equal((type, false), (music.Mimetype, music.Ptt));
        Assert.Equal(isUntouched, music.FileSha256.ToByteArray().SequenceEqual(SHA256.HashData(Convert.FromBase64String(base64))));
        Assert.Equal(kind == "webm" ? 2U : kind == "ogg" ? 4U : 3U, music.Seconds);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_status_is_spoken()
    {
        await StartAsync();

        var heard = (await SeenAsync(await SendAsync("sendStatus", new { type = "audio", content = await SampleAsync("wav"), statusJidList = new[] { LinkedGateway.OtherNumber } }))).Content.AudioMessage;

        Assert.Equal((true, 3U, 64), (heard.Ptt, heard.Seconds, heard.Waveform.Length));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_gif_is_a_sticker_that_moves()
    {
        await StartAsync();
        var gif = await Recorded.MakeAsync(Ct, "-f", "lavfi", "-i", "testsrc=size=64x48:rate=5:duration=1", "-f", "gif");

        var sticker = (await SeenAsync(await SendAsync("sendSticker", new { number = LinkedGateway.OtherNumber, sticker = Convert.ToBase64String(gif) }))).Content.StickerMessage;

        Assert.Equal(("image/webp", 512U, 512U, true), (sticker.Mimetype, sticker.Width, sticker.Height, sticker.IsAnimated));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_sticker_that_the_caller_vouches_for_stays_as_it_is()
    {
        await StartAsync();

        var sticker = (await SeenAsync(await SendAsync("sendSticker", new { number = LinkedGateway.OtherNumber, sticker = Convert.ToBase64String(MediaSample.Png), notConvertSticker = true }))).Content.StickerMessage;

        Assert.Equal(SHA256.HashData(MediaSample.Png), sticker.FileSha256.ToByteArray());
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n/etc/passwd\n#EXT-X-ENDLIST\n")]
    [InlineData("#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\nhttp://127.0.0.1:1/a.wav\n#EXT-X-ENDLIST\n")]
    [InlineData("ffconcat version 1.0\nfile /etc/passwd\n")]
    [InlineData("It is no sound at all")]
    public async Task What_is_no_sound_is_refused_as_a_voice_note_and_nothing_is_sent(string text)
    {
        await StartAsync();

        await RefusedAsync("sendWhatsAppAudio", new { number = LinkedGateway.OtherNumber, audio = Convert.ToBase64String(Encoding.UTF8.GetBytes(text)) }, "can't be converted");
        await RefusedAsync(
            "sendStatus",
            new { type = "audio", content = Convert.ToBase64String(Encoding.UTF8.GetBytes(text)), statusJidList = new[] { LinkedGateway.OtherNumber } },
            "can't be converted");
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_conversion_ends_with_the_request_that_wanted_it()
    {
        var folder = Directory.CreateTempSubdirectory("evolution-ffmpeg-").FullName;
        try
        {
            using var watcher = new FileSystemWatcher(folder, "*.id");
            var appeared = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            watcher.Renamed += (_, file) => appeared.TrySetResult(file.FullPath);
            watcher.EnableRaisingEvents = true;
            await StartAsync(("FFMPEG_PATH", MediaBench.Script(folder, "echo $$ > \"$0.new\"; mv \"$0.new\" \"$0.id\"; exec sleep 1000")));
            using var given = CancellationTokenSource.CreateLinkedTokenSource(Ct);

            var request = _linked!.Gateway.Http.PostAsJsonAsync("/message/sendWhatsAppAudio/sales", new { number = LinkedGateway.OtherNumber, audio = "AAAA" }, given.Token);
            using var program = Process.GetProcessById(int.Parse(await File.ReadAllTextAsync(await appeared.Task.WaitAsync(Ct), Ct)));
            await given.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
            await program.WaitForExitAsync(Ct);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Without_ffmpeg_what_needs_it_is_refused_and_everything_else_goes_out()
    {
        await StartAsync(("FFMPEG_PATH", "none"));
        var opus = MediaSample.Opus(seconds: 3);
        var other = Convert.ToBase64String(RandomNumberGenerator.GetBytes(1000));

        await RefusedAsync("sendWhatsAppAudio", new { number = LinkedGateway.OtherNumber, audio = other }, "apt-get install ffmpeg");
        await RefusedAsync("sendStatus", new { type = "audio", content = other, statusJidList = new[] { LinkedGateway.OtherNumber } }, "apt-get install ffmpeg");

        var voice = (await SeenAsync(await SendAsync("sendWhatsAppAudio", new { number = LinkedGateway.OtherNumber, audio = Convert.ToBase64String(opus) }))).Content.AudioMessage;
        Assert.Equal((3U, false), (voice.Seconds, voice.HasWaveform));
        await SeenAsync(await SendAsync("sendWhatsAppAudio", new { number = LinkedGateway.OtherNumber, audio = other, encoding = false }));
        await SeenAsync(await SendAsync("sendMedia", new { number = LinkedGateway.OtherNumber, mediatype = "audio", media = other }));
        await SeenAsync(await SendAsync("sendMedia", new { number = LinkedGateway.OtherNumber, mediatype = "video", media = other }));
        await SeenAsync(await SendAsync("sendPtv", new { number = LinkedGateway.OtherNumber, video = other }));
        await SeenAsync(await SendAsync("sendSticker", new { number = LinkedGateway.OtherNumber, sticker = Convert.ToBase64String(MediaSample.Png) }));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_received_voice_note_comes_as_MP4_for_who_wants_that()
    {
        await StartAsync();
        var id = await VoiceAsync();

        var file = await _linked!.Gateway.PostAsync("/chat/getBase64FromMediaMessage/sales", new { message = new { key = new { id } }, convertToMp4 = true }, Ct);

        Assert.Equal(("audioMessage", "audio/mp4"), ((string?)file["mediaType"], (string?)file["mimetype"]));
        var mp4 = Convert.FromBase64String((string)file["base64"]!);
        Assert.Equal("ftyp", Encoding.ASCII.GetString(mp4, 4, 4));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Without_ffmpeg_a_received_voice_note_comes_as_it_was_sent_and_not_as_MP4()
    {
        await StartAsync(("FFMPEG_PATH", "none"));
        var key = new { id = await VoiceAsync() };

        var refused = await _linked!.Gateway.RefusedAsync("/chat/getBase64FromMediaMessage/sales", new { message = new { key }, convertToMp4 = true }, Ct);

        Assert.StartsWith("convertToMp4 needs ffmpeg", (string?)refused["response"]!["message"]![0], StringComparison.Ordinal);
        var file = await _linked.Gateway.PostAsync("/chat/getBase64FromMediaMessage/sales", new { message = new { key } }, Ct);
        Assert.Equal("audio/ogg; codecs=opus", (string?)file["mimetype"]);
    }

    private async Task<string> VoiceAsync()
    {
        var audio = new { base64 = Convert.ToBase64String(await Recorded.OggOpusAsync(Ct)), mimetype = "audio/ogg; codecs=opus" };
        var sent = await _linked!.ControlAsync($"/v1/phones/{LinkedGateway.OtherNumber}/messages", new { to = LinkedGateway.OwnNumber, audio }, Ct);
        var id = (string)sent!["id"]!;
        await _linked.Receiver.WaitAsync("messages.upsert", data => (string?)data["key"]!["id"] == id, Ct);
        return id;
    }

    private async Task StartAsync(params (string Name, string Value)[] settings) => _linked = await LinkedGateway.StartAsync(Ct, settings);

    private static async Task<string> SampleAsync(string kind) => Convert.ToBase64String(kind switch
    {
        "wav" => await Recorded.WavAsync(Ct),
        "mp3" => await Recorded.Mp3Async(Ct),
        "ogg" => await Recorded.OggOpusAsync(Ct),
        "webm" => await Recorded.WebmAsync(Ct),
        _ => await Recorded.Mp4Async(Ct),
    });

    private Task<JsonNode> SendAsync(string route, object body) => _linked!.Gateway.PostAsync($"/message/{route}/sales", body, Ct);

    private async Task<PhoneMessage> SeenAsync(JsonNode answer)
    {
        var id = (string)answer["key"]!["id"]!;
        var seen = await _linked!.Other.WaitForMessageAsync(message => message.Id == id, ct: Ct);
        Assert.Empty(_linked.Simulator.World.Violations.Snapshot());
        return seen;
    }

    private async Task RefusedAsync(string route, object body, string text)
    {
        using var reply = await _linked!.Gateway.Http.PostAsJsonAsync($"/message/{route}/sales", body, Ct);
        Assert.Equal(HttpStatusCode.BadRequest, reply.StatusCode);
        Assert.Contains(text, (string?)Assert.Single((await reply.Content.ReadFromJsonAsync<JsonNode>(Ct))!["response"]!["message"]!.AsArray()), StringComparison.Ordinal);
        var found = await _linked.Gateway.PostAsync("/chat/findMessages/sales", new { where = new { } }, Ct);
        Assert.Equal(0, (int)found["messages"]!["total"]!);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_linked.Gateway.Folder, "spool")));
    }
}
