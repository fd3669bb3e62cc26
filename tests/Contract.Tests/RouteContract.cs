using System.Text.Json;

namespace Evolution.Contract.Tests;

/// <summary>One route of Evolution API 2.3.6, as recorded in Data/routes.json.</summary>
internal sealed record RouteContract(string Id, string Method, string Path, string Auth, JsonElement Body, string Validation)
{
    private static readonly JsonDocument Recorded = JsonDocument.Parse(File.ReadAllText(System.IO.Path.Combine(AppContext.BaseDirectory, "Data", "routes.json")));

    public static IReadOnlyList<RouteContract> All { get; } = [.. Recorded.RootElement.EnumerateArray().Select(route => new RouteContract(
        route.GetProperty("id").GetString()!,
        route.GetProperty("method").GetString()!,
        route.GetProperty("path").GetString()!,
        route.GetProperty("auth").GetString()!,
        route.GetProperty("body"),
        route.GetProperty("validation").GetString()!))];

    public string Name => $"{Method} {Path}";
}
