using System.Diagnostics;

namespace Evolution.Simulator.Tests.Page;

/// <summary>A Chromium without a window, with a profile of its own, that ends with the test.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private const string Announcement = "DevTools listening on ";
    private readonly Process _process;
    private readonly string _profile;
    private readonly DevTools _tools;
    private readonly Task _output;

    private Browser(Process process, string profile, DevTools tools, Task output)
    {
        _process = process;
        _profile = profile;
        _tools = tools;
        _output = output;
    }

    /// <exception cref="InvalidOperationException">There is no Chromium, or it did not start.</exception>
    public static async Task<Browser> StartAsync(CancellationToken cancellationToken)
    {
        var profile = Directory.CreateTempSubdirectory("evolution-chromium-").FullName;
        // A test runs as root in containers, where Chromium's own sandbox cannot start; the only page it sees is ours.
        var start = new ProcessStartInfo("chromium", ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
            "--no-first-run", "--disable-background-networking", "--disable-component-update", "--remote-debugging-port=0", "--user-data-dir=" + profile, "about:blank"])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new InvalidOperationException("Chromium is missing. As root, ./test installs Debian's package; otherwise: apt-get install chromium", e);
        }

        var address = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var output = Task.WhenAll(ReadErrorsAsync(process, address), process.StandardOutput.ReadToEndAsync(CancellationToken.None));
        var tools = await DevTools.ConnectAsync(await address.Task.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken), cancellationToken);
        return new Browser(process, profile, tools, output);
    }

    public async Task<BrowserPage> OpenAsync(Uri address, CancellationToken cancellationToken)
    {
        var target = await _tools.CallAsync(null, "Target.createTarget", new { url = "about:blank" }, cancellationToken);
        var attached = await _tools.CallAsync(null, "Target.attachToTarget", new { targetId = (string)target["targetId"]!, flatten = true }, cancellationToken);
        var page = new BrowserPage(_tools, (string)attached["sessionId"]!);
        await page.OpenAsync(address, cancellationToken);
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _tools.DisposeAsync();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        await _output;
        _process.Dispose();
        Directory.Delete(_profile, recursive: true);
    }

    private static async Task ReadErrorsAsync(Process process, TaskCompletionSource<Uri> address)
    {
        var lines = new List<string>();
        while (await process.StandardError.ReadLineAsync(CancellationToken.None) is { } line)
        {
            if (line.StartsWith(Announcement, StringComparison.Ordinal))
                address.TrySetResult(new Uri(line[Announcement.Length..]));
            else if (!address.Task.IsCompleted)
                lines.Add(line);
        }

        address.TrySetException(new InvalidOperationException("Chromium ended: " + string.Join(Environment.NewLine, lines)));
    }
}
