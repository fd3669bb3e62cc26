using System.Text.Json;
using Evolution.Gateway.Api;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Gateway.Tests.Support;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Evolution.Contract.Tests;

/// <summary>Each route checks its body exactly as recorded.</summary>
public sealed class SchemasTests
{
    private const int BodiesPerRoute = 3000;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_body_gets_the_failures_that_the_recorded_schema_gives_it()
    {
        await using var gateway = await RunningGateway.StartAsync(Stop);
        var checkedRoutes = 0;
        foreach (var route in gateway.Services.GetRequiredService<EndpointDataSource>().Endpoints.Select(endpoint => endpoint.Metadata.GetMetadata<ApiRoute>()).OfType<ApiRoute>())
        {
            var recorded = RouteContract.All.SingleOrDefault(other => other.Name == $"{route.Method} {route.Path}");
            if (recorded is null || recorded.Validation == "none")
                continue;
            Compare(recorded, route.Body!);
            checkedRoutes++;
        }

        Assert.Equal(29, checkedRoutes);
    }

    private static void Compare(RouteContract recorded, Schema declared)
    {
        var expected = SchemaReading.Read(recorded.Body);
        var failing = 0;
        for (var seed = 0; seed < BodiesPerRoute; seed++)
        {
            using var body = JsonDocument.Parse(new BodyMaker(seed).MakeObject(recorded.Body).ToJsonString());
            var failures = SchemaValidator.Validate(expected, body.RootElement);
            Assert.True(
                failures.SequenceEqual(SchemaValidator.Validate(declared, body.RootElement)),
                $"{recorded.Name}, seed {seed}: {body.RootElement.GetRawText()}\n  recorded: {string.Join(" | ", failures)}\n  declared: {string.Join(" | ", SchemaValidator.Validate(declared, body.RootElement))}");
            failing += failures.Count > 0 ? 1 : 0;
        }

        Assert.True(failing > BodiesPerRoute / 10, $"{recorded.Name}: hardly any body failed ({failing}), so this proves nothing");
    }
}
