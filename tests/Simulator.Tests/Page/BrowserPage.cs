using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Evolution.Simulator.Tests.Page;

/// <summary>One tab, used as a person does: looking, clicking where something is, typing.</summary>
internal sealed class BrowserPage
{
    private readonly DevTools _tools;
    private readonly string _session;
    private readonly ConcurrentQueue<string> _complaints = new();

    internal BrowserPage(DevTools tools, string session)
    {
        _tools = tools;
        _session = session;
        tools.Told = Listen;
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Script errors, blocked resources and other errors of the browser's console.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    internal async Task OpenAsync(Uri address, CancellationToken cancellationToken)
    {
        foreach (var domain in (string[])["Page", "Runtime", "Log"])
            await _tools.CallAsync(_session, domain + ".enable", null, cancellationToken);
        await _tools.CallAsync(_session, "Page.navigate", new { url = address.ToString() }, cancellationToken);
        await WaitAsync("location.href !== 'about:blank' && document.readyState === 'complete'");
    }

    public Task ResizeAsync(int width, int height, bool phone) => CallAsync("Emulation.setDeviceMetricsOverride", new { width, height, deviceScaleFactor = 1, mobile = phone });

    public Task PreferDarkAsync() => CallAsync("Emulation.setEmulatedMedia", new { features = new[] { new { name = "prefers-color-scheme", value = "dark" } } });

    /// <summary>The value of an expression, or of the promise it is.</summary>
    public async Task<JsonNode?> EvaluateAsync(string expression)
    {
        var answer = await CallAsync("Runtime.evaluate", new { expression, awaitPromise = true, returnByValue = true });
        return answer["exceptionDetails"] is { } wrong
            ? throw new InvalidOperationException((string?)wrong["exception"]?["description"] ?? (string?)wrong["exception"]?["value"] ?? wrong.ToJsonString())
            : answer["result"]!["value"]?.DeepClone();
    }

    /// <summary>Waits until an expression holds, looking at every frame the browser draws.</summary>
    public async Task WaitAsync(string expression)
    {
        var text = JsonSerializer.Serialize(expression);
        await EvaluateAsync($$"""
            new Promise((done, fail) => {
              const until = performance.now() + 20000;
              (function look() {
                if ({{expression}}) done();
                else if (performance.now() > until) fail('Never held: ' + {{text}} + '\nThe page: ' + document.body.innerText);
                else requestAnimationFrame(look);
              })();
            })
            """);
    }

    /// <summary>Waits until an element shows a text.</summary>
    public Task SeeAsync(string selector, string text) =>
        WaitAsync($"[...document.querySelectorAll({JsonSerializer.Serialize(selector)})].some(e => e.checkVisibility() && e.innerText.includes({JsonSerializer.Serialize(text)}))");

    /// <summary>Clicks on the middle of the first visible element that shows the text, with the mouse.</summary>
    /// <exception cref="InvalidOperationException">There is none, or something lies above it.</exception>
    public async Task ClickAsync(string selector, string text = "")
    {
        await SeeAsync(selector, text);
        var at = (await EvaluateAsync($$"""
            (() => {
              const e = [...document.querySelectorAll({{JsonSerializer.Serialize(selector)}})].find(e => e.checkVisibility() && e.innerText.includes({{JsonSerializer.Serialize(text)}}));
              e.scrollIntoView({ block: 'center' });
              const box = e.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2, top = document.elementFromPoint(x, y);
              if (!e.contains(top)) throw new Error('Covered by ' + top?.outerHTML);
              return { x, y };
            })()
            """))!;
        foreach (var type in (string[])["mousePressed", "mouseReleased"])
            await CallAsync("Input.dispatchMouseEvent", new { type, x = (double)at["x"]!, y = (double)at["y"]!, button = "left", clickCount = 1 });
    }

    /// <summary>Clicks on a field and types.</summary>
    public async Task TypeAsync(string selector, string text)
    {
        await ClickAsync(selector);
        await CallAsync("Input.insertText", new { text });
    }

    /// <summary>Keeps a picture of the whole page under <c>artifacts/page</c>, for people to look at.</summary>
    public async Task PictureAsync(string name)
    {
        var picture = await CallAsync("Page.captureScreenshot", new { captureBeyondViewport = true });
        var folder = Directory.CreateDirectory(Path.Combine(RepositoryRoot(), "artifacts", "page")).FullName;
        await File.WriteAllBytesAsync(Path.Combine(folder, name + ".png"), Convert.FromBase64String((string)picture["data"]!), Ct);
    }

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Evolution.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests must run inside the checkout.");
        return folder;
    }

    private Task<JsonNode> CallAsync(string method, object? parameters) => _tools.CallAsync(_session, method, parameters, Ct);

    /// <remarks>A refused API call is in the console too; the page has told it to the person.</remarks>
    private void Listen(string method, JsonNode told)
    {
        var entry = told["entry"];
        if (method == "Runtime.exceptionThrown"
            || (method == "Log.entryAdded" && (string?)entry!["level"] == "error" && ((string?)entry["url"])?.Contains("/v1/", StringComparison.Ordinal) != true))
            _complaints.Enqueue(told.ToJsonString());
    }
}
