using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>The built program, or one that stands in for it, as a process of its own, with nothing of the test's environment but what it is given.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);
    private const int SigTerm = 15;
    private const string ReadyLine = "ready api=";
    private const string StoppedLine = "stopped at=";
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GatewayProcess(Process process) => _process = process;

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public int Id => _process.Id;

    /// <summary>What a person who starts it sees beside the log.</summary>
    public string Errors
    {
        get
        {
            lock (_errors)
                return _errors.ToString();
        }
    }

    public static GatewayProcess Start(string[] arguments, params (string Name, string Value)[] environment) => Start("Evolution.Gateway", arguments, environment);

    /// <param name="program">An assembly among the tests'.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="environment">Variables beside the test's own.</param>
    public static GatewayProcess Start(string program, string[] arguments, IEnumerable<(string Name, string Value)> environment)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Away from any .env file.
            WorkingDirectory = Path.GetTempPath(),
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, $"{program}.dll"));
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = new Process { StartInfo = start };
        var gateway = new GatewayProcess(process);
        process.OutputDataReceived += (_, line) => gateway.Take(gateway._output, line.Data);
        process.ErrorDataReceived += (_, line) => gateway.Take(gateway._errors, line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return gateway;
    }

    /// <summary>The API's address, as the program prints it once it is ready.</summary>
    public Task<Uri> ReadyAsync(CancellationToken cancellationToken) => _ready.Task.WaitAsync(s_limit, cancellationToken);

    /// <summary>Ends when the program says that it has stopped where it was told to stop.</summary>
    public Task StoppedAsync(CancellationToken cancellationToken) => _stopped.Task.WaitAsync(s_limit, cancellationToken);

    /// <summary>Asks it to end as process managers do, and does not wait.</summary>
    public void Terminate() => _ = Kill(_process.Id, SigTerm);

    /// <summary>Waits for its end and returns the exit code.</summary>
    public async Task<int> ExitAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_limit);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>SIGKILL, if it still runs; ends when it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Take(StringBuilder text, string? line)
    {
        if (line is null)
            return;
        lock (text)
            text.AppendLine(line);
        if (line.StartsWith(ReadyLine, StringComparison.Ordinal))
            _ready.TrySetResult(new Uri(line[ReadyLine.Length..].Split(' ')[0]));
        else if (line.StartsWith(StoppedLine, StringComparison.Ordinal))
            _stopped.TrySetResult();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
