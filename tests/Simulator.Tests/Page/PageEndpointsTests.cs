using Evolution.Simulator.Tests.ControlApi;
using Microsoft.AspNetCore.Routing;

namespace Evolution.Simulator.Tests.Page;

public sealed class PageEndpointsTests
{
    private static readonly string[] s_files = ["GET /", "GET /page.css", "GET /page.js", "GET /v1/openapi.json"];

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("/", "text/html")]
    [InlineData("/page.css", "text/css")]
    [InlineData("/page.js", "text/javascript")]
    public async Task The_page_needs_nothing_from_elsewhere(string path, string type)
    {
        await using var simulator = await TestSimulator.StartAsync();
        using var api = new ControlClient(simulator.Host);

        using var answer = await api.Http.GetAsync(path, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Equal(type, answer.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotMatch("https?://|innerHTML|insertAdjacentHTML|document\\.write", text);
        Assert.Contains("default-src 'none'; script-src 'self'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task The_description_names_every_call_and_no_other()
    {
        await using var simulator = await TestSimulator.StartAsync();
        using var api = new ControlClient(simulator.Host);
        var described = (await api.GetAsync("/v1/openapi.json"))["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(call => $"{call.Key.ToUpperInvariant()} {path.Key}"));

        var mapped = simulator.Host.Endpoints.OfType<RouteEndpoint>()
            .SelectMany(e => e.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods.Select(method => $"{method} {e.RoutePattern.RawText}") ?? [])
            .Except(s_files, StringComparer.Ordinal);

        Assert.Equal(mapped.Order(StringComparer.Ordinal), described.Order(StringComparer.Ordinal));
    }
}
