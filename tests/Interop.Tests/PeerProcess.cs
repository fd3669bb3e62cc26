using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Evolution.Interop.Tests;

/// <summary>A Node process with the devices of one foreign WhatsApp client, driven by JSON lines.</summary>
internal sealed class PeerProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(40);
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly Process _process;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode?>> _answers = new();
    private readonly EventLog<JsonObject> _events;
    private readonly Task _reader;
    private int _next;

    private PeerProcess(string name, Process process)
    {
        Name = name;
        _process = process;
        _events = new EventLog<JsonObject>(name);
        _reader = ReadAsync();
    }

    /// <summary>The peer's folder name, e.g. <c>baileys-rc14</c>.</summary>
    public string Name { get; }

    /// <param name="name">A folder under <c>tools/peers</c>.</param>
    /// <param name="script">The driver under <c>tests/Interop.Tests/Peers</c>.</param>
    /// <param name="strict">Makes Baileys really verify signatures.</param>
    public static PeerProcess Start(string name, string script, bool strict = false)
    {
        var folder = Path.Combine(RepositoryRoot, "artifacts", "peers", name);
        if (!Directory.Exists(folder)) throw new InvalidOperationException($"The peer {name} is not installed: run tools/peers/install.");
        var scripts = Path.Combine(RepositoryRoot, "tests", "Interop.Tests", "Peers");
        var start = new ProcessStartInfo("node")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["PEER_FOLDER"] = folder;
        if (strict)
        {
            start.ArgumentList.Add("-r");
            start.ArgumentList.Add(Path.Combine(scripts, "strict.cjs"));
        }

        start.ArgumentList.Add(Path.Combine(scripts, script));
        return new PeerProcess(name, Process.Start(start) ?? throw new InvalidOperationException("node did not start"));
    }

    /// <summary>The checkout's root folder.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>What all devices told.</summary>
    public EventLog<JsonObject> Events => _events;

    /// <summary>One device of this process; a new name makes a new one.</summary>
    public PeerDevice Device(string name) => new(this, name);

    /// <summary>Runs one operation of the driver and returns its result; fails with the peer's error.</summary>
    public async Task<JsonNode?> CallAsync(string device, string operation, object? arguments, CancellationToken ct)
    {
        var id = Interlocked.Increment(ref _next);
        var answer = new TaskCompletionSource<JsonNode?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _answers[id] = answer;
        var line = arguments is null ? [] : JsonSerializer.SerializeToNode(arguments)!.AsObject();
        line["id"] = id;
        line["device"] = device;
        line["op"] = operation;
        await _writing.WaitAsync(ct);
        try
        {
            await _process.StandardInput.WriteLineAsync(line.ToJsonString().AsMemory(), ct);
            await _process.StandardInput.FlushAsync(ct);
        }
        finally
        {
            _writing.Release();
        }

        return await answer.Task.WaitAsync(s_limit, ct);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _reader;
        _process.Dispose();
        _writing.Dispose();
    }

    private async Task ReadAsync()
    {
        var errors = _process.StandardError.ReadToEndAsync();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (!line.StartsWith('{')) continue;
            var node = JsonNode.Parse(line)!.AsObject();
            if (node["id"] is { } id && node["event"] is null)
            {
                if (!_answers.TryRemove((int)id, out var answer)) continue;
                if (node["error"] is { } error) answer.TrySetException(new InvalidOperationException($"{Name}: {error}"));
                else answer.TrySetResult(node["ok"]?.DeepClone());
                continue;
            }

            _events.Add(node);
        }

        var text = await errors;
        if (text.Length > 0) _events.Add(new JsonObject { ["event"] = "stderr", ["message"] = text });
        foreach (var waiter in _answers.Values) waiter.TrySetException(new InvalidOperationException($"{Name} ended. {text}"));
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Evolution.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests must run inside the checkout.");
        return folder;
    }
}
