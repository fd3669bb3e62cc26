using Evolution.Gateway.Media;

namespace Evolution.Gateway.Tests.Media;

/// <summary>How the program is run; a script stands for it.</summary>
public sealed class FfmpegTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("evolution-ffmpeg-").FullName;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact(Timeout = TestLimit.Ms)]
    public async Task It_is_told_the_file_and_what_it_may_open_and_nothing_else()
    {
        using var bench = new MediaBench(MediaBench.Script(_folder, "for a in \"$@\"; do echo \"$a\"; done"));
        var file = await bench.AddAsync([1, 2, 3], Stop);
        var said = "";

        Assert.True(await bench.Ffmpeg.RunAsync(file, isRawPcm: false, ["-f", "ogg", "pipe:1"], async (output, stop) => said = await new StreamReader(output).ReadToEndAsync(stop), Ffmpeg.LookLimit, Stop));

        var arguments = said.Split('\n', StringSplitOptions.RemoveEmptyEntries).ToList();
        Assert.Contains("-nostdin", arguments);
        Assert.Equal("file,pipe", arguments[arguments.IndexOf("-protocol_whitelist") + 1]);
        Assert.InRange(arguments.IndexOf("-protocol_whitelist"), 0, arguments.IndexOf("-i"));
        Assert.InRange(arguments.IndexOf("-format_whitelist"), 0, arguments.IndexOf("-i"));
        Assert.DoesNotContain(arguments[arguments.IndexOf("-format_whitelist") + 1].Split(','), format => format is "hls" or "dash" or "concat" or "sdp" or "image2");
        Assert.Equal($"file:{file.Path}", arguments[arguments.IndexOf("-i") + 1]);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task One_that_takes_too_long_is_ended()
    {
        using var bench = new MediaBench(MediaBench.Script(_folder, "echo; exec sleep 1000"));
        var (running, started) = Run(bench, await bench.AddAsync([1], Stop));
        await started;

        bench.Time.Advance(Ffmpeg.ConvertLimit);

        var late = await Assert.ThrowsAsync<MediaException>(() => running);
        Assert.Equal(("ffmpeg did not get through the file within 120 s", false), (late.Message, late.IsFinal));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task One_whose_request_is_gone_is_ended()
    {
        using var bench = new MediaBench(MediaBench.Script(_folder, "echo; exec sleep 1000"));
        using var request = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var (running, started) = Run(bench, await bench.AddAsync([1], Stop), request.Token);
        await started;

        await request.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Not_more_run_at_a_time_than_there_are_processors_and_waiting_has_an_end()
    {
        using var bench = new MediaBench(MediaBench.Script(_folder, "echo; exec sleep 1000"));
        var file = await bench.AddAsync([1], Stop);
        var running = Enumerable.Range(0, Environment.ProcessorCount).Select(_ => Run(bench, file)).ToList();
        await Task.WhenAll(running.Select(run => run.Started));

        var (waiting, started) = Run(bench, file, limit: Ffmpeg.LookLimit);
        bench.Time.Advance(Ffmpeg.LookLimit);

        await Assert.ThrowsAsync<MediaException>(() => waiting);
        Assert.False(started.IsCompleted);
        bench.Time.Advance(Ffmpeg.ConvertLimit);
        foreach (var run in running)
            await Assert.ThrowsAsync<MediaException>(() => run.Running);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task What_is_made_is_no_larger_than_a_file_may_be_and_nothing_of_it_stays()
    {
        using var bench = new MediaBench(MediaBench.Script(_folder, "exec head -c 200000 /dev/zero"), maxBytes: 100_000);

        var refused = await Assert.ThrowsAsync<MediaException>(async () => await bench.Recordings.ToVoiceAsync(await bench.AddAsync([1], Stop), isRawPcm: false, Stop));

        Assert.Contains("100000 bytes", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(bench.Spool));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task What_is_no_program_can_not_be_started()
    {
        var path = Path.Combine(_folder, "ffmpeg");
        await File.WriteAllTextAsync(path, "not executable", Stop);
        using var bench = new MediaBench(path);

        var refused = await Assert.ThrowsAsync<MediaException>(async () => await bench.Recordings.ToVoiceAsync(await bench.AddAsync([1], Stop), isRawPcm: false, Stop));

        Assert.Contains("can't be started", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_it_nothing_is_known_and_a_conversion_says_what_is_missing()
    {
        using var bench = new MediaBench(usesFfmpeg: false);
        var file = await bench.AddAsync([1], Stop);

        Assert.False(bench.Recordings.CanConvert);
        Assert.Null(await bench.Recordings.LookAtAsync(file, Stop));
        Assert.Null(await bench.Recordings.ThumbnailAsync(file, Stop));
        Assert.Null(await bench.Recordings.WaveformAsync(file, Stop));
        Assert.True((await Assert.ThrowsAsync<MediaException>(() => bench.Recordings.ToVoiceAsync(file, isRawPcm: false, Stop))).IsFinal);
    }

    private static (Task<bool> Running, Task Started) Run(MediaBench bench, StoredMedia file, CancellationToken? request = null, TimeSpan? limit = null)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (bench.Ffmpeg.RunAsync(file, isRawPcm: false, ["pipe:1"], ReadAsync, limit ?? Ffmpeg.ConvertLimit, request ?? Stop), started.Task);

        async Task ReadAsync(Stream output, CancellationToken stop)
        {
            started.SetResult();
            await output.CopyToAsync(Stream.Null, stop);
        }
    }
}
