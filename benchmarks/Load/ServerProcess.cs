using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Evolution.Load;

/// <summary>The built program as a process of its own, started as a user starts it; its output goes to a file.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(15);
    private readonly Process process;

    private ServerProcess(Process process) => this.process = process;

    /// <summary>From exec until the given address answered 200.</summary>
    public TimeSpan StartedIn { get; private set; }

    /// <summary>Processor time the process has used; says more than the clock when the machine is busy.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    /// <summary>Memory of the process that is in RAM, in bytes.</summary>
    public long ResidentBytes => Status("VmRSS:");

    /// <summary>The most memory that the process ever had in RAM, in bytes.</summary>
    public long PeakBytes => Status("VmHWM:");

    /// <summary>The part of <see cref="ResidentBytes"/> that is not pages of files, such as the runtime's libraries, which processes share and the kernel drops at need.</summary>
    public long OwnBytes => Status("RssAnon:") + Status("RssShmem:");

    /// <param name="command">Program and arguments.</param>
    /// <param name="environment">Settings on top of this process's own environment.</param>
    /// <param name="log">The file that takes the output.</param>
    /// <param name="ready">Answers 200 once the program can serve.</param>
    public static async Task<ServerProcess> StartAsync(IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment, string log, Uri ready)
    {
        // The shell hands its process over and spares this one the copying of the output.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >>\"$0\" 2>&1", log, .. command]);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var startedAt = Stopwatch.GetTimestamp();
        var server = new ServerProcess(Process.Start(start)!);
        try
        {
            await server.WaitAsync(ready);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }

        server.StartedIn = Stopwatch.GetElapsedTime(startedAt);
        return server;
    }

    /// <summary>A port that is free now and whose next one is too.</summary>
    public static int FreePort()
    {
        while (true)
        {
            using var first = new TcpListener(System.Net.IPAddress.Loopback, 0);
            first.Start();
            var port = ((System.Net.IPEndPoint)first.LocalEndpoint).Port;
            if (port == ushort.MaxValue)
                continue;
            try
            {
                using var second = new TcpListener(System.Net.IPAddress.Loopback, port + 1);
                second.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has the next one: look on.
            }
        }
    }

    /// <summary>Tells it to stop and waits for its end.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
            _ = Kill(process.Id, SigTerm);
        using var limit = new CancellationTokenSource(StopLimit);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }

        process.Dispose();
    }

    private async Task WaitAsync(Uri ready)
    {
        using var http = new HttpClient();
        using var limit = new CancellationTokenSource(StartLimit);
        while (true)
        {
            if (process.HasExited)
                throw new InvalidOperationException($"The program ended with code {process.ExitCode} instead of serving {ready}");
            try
            {
                using var answer = await http.GetAsync(ready, limit.Token);
                if (answer.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(2), limit.Token);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    private long Status(string field) => long.Parse(
        File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith(field, StringComparison.Ordinal)).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1],
        CultureInfo.InvariantCulture) * 1024;
}
