using System.Diagnostics;
using System.Globalization;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>A foreign S3 server (npm fauxqs) as a process of its own. What it keeps is gone with it.</summary>
internal sealed class S3Server : IAsyncDisposable
{
    private const string Name = "fauxqs";
    private const string ReadyLine = "ready ";
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);
    private readonly Process _process;

    private S3Server(Process process, int port)
    {
        _process = process;
        Port = port;
    }

    public int Port { get; }

    /// <summary>What points a gateway to it.</summary>
    public (string Name, string Value)[] Settings => SettingsFor(Port);

    /// <param name="cancellationToken">Gives up starting.</param>
    /// <param name="port">0 takes a free one.</param>
    public static async Task<S3Server> StartAsync(CancellationToken cancellationToken, int port = 0)
    {
        var root = RepositoryRoot();
        var folder = Path.Combine(root, "artifacts", "peers", Name);
        if (!Directory.Exists(folder))
            throw new InvalidOperationException($"{Name} is not installed: run tools/peers/install {Name}");
        var start = new ProcessStartInfo("node")
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["PEER_FOLDER"] = folder;
        start.ArgumentList.Add(Path.Combine(root, "tests", "Gateway.Tests", "EndToEnd", "s3-server.mjs"));
        start.ArgumentList.Add(port.ToString(CultureInfo.InvariantCulture));
        var process = Process.Start(start) ?? throw new InvalidOperationException("node did not start");
        var line = await process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(s_limit, cancellationToken);
        return line?.StartsWith(ReadyLine, StringComparison.Ordinal) == true
            ? new S3Server(process, int.Parse(line[ReadyLine.Length..], CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"{Name} did not start: {line}");
    }

    /// <summary>What points a gateway to a server on a port of this machine.</summary>
    public static (string Name, string Value)[] SettingsFor(int port) =>
    [
        ("S3_ENABLED", "true"), ("S3_ENDPOINT", "127.0.0.1"), ("S3_PORT", port.ToString(CultureInfo.InvariantCulture)),
        ("S3_ACCESS_KEY", "test-access"), ("S3_SECRET_KEY", "test-secret"), ("S3_BUCKET", "evolution"),
    ];

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        using var limit = new CancellationTokenSource(s_limit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Evolution.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests must run inside the checkout.");
        return folder;
    }
}
