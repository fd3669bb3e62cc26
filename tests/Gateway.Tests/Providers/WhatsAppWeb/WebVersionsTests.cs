using Evolution.Client;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.Providers.WhatsAppWeb;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Evolution.Gateway.Tests.Providers.WhatsAppWeb;

public sealed class WebVersionsTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("evolution-version-").FullName;
    private readonly FakeTimeProvider _time = new();
    private WebApplication _web = null!;
    private Func<HttpContext, Task> _answer = context => context.Response.WriteAsync(Script(1100000001));
    private readonly SemaphoreSlim _looks = new(0);
    private int _asked;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _web = builder.Build();
        _web.MapGet("/sw.js", context =>
        {
            Interlocked.Increment(ref _asked);
            _looks.Release();
            return _answer(context);
        });
        await _web.StartAsync(Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task The_published_version_is_claimed_and_kept_over_restarts()
    {
        using (var versions = Create())
        {
            Assert.Equal(WhatsAppVersion.BuiltIn, versions.Current);
            Assert.Equal("2.3000.1100000001", (await versions.RefreshAsync(Ct)).ToString());
            Assert.Equal("2.3000.1100000001", versions.Current.ToString());
        }

        using var later = Create();
        Assert.Equal("2.3000.1100000001", later.Current.ToString());
    }

    [Fact]
    public async Task What_names_no_version_or_fails_changes_nothing()
    {
        using var versions = Create();
        await versions.RefreshAsync(Ct);
        foreach (var answer in new Func<HttpContext, Task>[] { c => c.Response.WriteAsync("moved"), c => { c.Response.StatusCode = 500; return Task.CompletedTask; } })
        {
            _time.Advance(TimeSpan.FromHours(1));
            _answer = answer;
            Assert.Null(await versions.RefreshAsync(Ct));
            Assert.Equal("2.3000.1100000001", versions.Current.ToString());
        }
    }

    [Fact]
    public async Task It_is_looked_up_at_the_start_and_every_six_hours()
    {
        using var versions = Create();
        versions.Start();
        await LookedAsync();
        _answer = context => context.Response.WriteAsync(Script(1100000002));
        // The loop sets its timer at some time after the first answer.
        var hours = 0;
        for (; !await _looks.WaitAsync(TimeSpan.FromMilliseconds(20), Ct); hours++)
            _time.Advance(TimeSpan.FromHours(1));
        Assert.True(hours >= 6);
        await versions.StopAsync();
    }

    [Fact]
    public async Task Many_who_ask_at_once_are_answered_by_one_look()
    {
        using var versions = Create();
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => versions.RefreshAsync(Ct)));
        Assert.All(answers, answer => Assert.Equal("2.3000.1100000001", answer.ToString()));
        Assert.Equal(1, _asked);
    }

    [Theory]
    [InlineData("CONFIG_SESSION_PHONE_VERSION", "2.3000.7", "2.3000.7")]
    [InlineData("WHATSAPP_WEB_URL", "ws://127.0.0.1:1/ws/chat", null)]
    public async Task A_version_that_is_set_and_another_server_are_never_looked_up(string name, string value, string? claimed)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "version"), "2.3000.1100000009", Ct);
        using var versions = Create((name, value));
        versions.Start();
        Assert.Null(await versions.RefreshAsync(Ct));
        await versions.StopAsync();
        Assert.Equal(claimed ?? WhatsAppVersion.BuiltIn.ToString(), versions.Current.ToString());
        Assert.Equal(0, _asked);
    }

    private static string Script(uint revision) => $$"""self.x=JSON.parse("{\"server_revision\":1,\"client_revision\":{{revision}},\"tier\":\"\"}")""";

    private WebVersions Create(params (string Name, string Value)[] environment)
    {
        var settings = EvolutionSettings.Read(new EnvironmentReader(environment.ToDictionary(pair => pair.Name, pair => pair.Value).GetValueOrDefault), sandbox: false);
        return new WebVersions(
            settings.Device, new WebVersionPage(new Uri(new Uri(_web.Urls.First()), "/sw.js")), new WebVersionFile(Path.Combine(_folder, "version")), _time, NullLogger<WebVersions>.Instance);
    }

    private async Task LookedAsync() => Assert.True(await _looks.WaitAsync(TimeSpan.FromSeconds(20), Ct));
}
