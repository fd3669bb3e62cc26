using System.Text.Json;

namespace Evolution.Interop.Tests;

/// <summary>The contract's routes and what their requests may say.</summary>
internal static class ContractBodies
{
    private static readonly JsonElement s_routes = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(PeerProcess.RepositoryRoot, "tests", "Contract.Tests", "Data", "routes.json")));

    /// <summary>The name of each route.</summary>
    public static IEnumerable<string> Routes => s_routes.EnumerateArray().Select(Name);

    public static IEnumerable<string> Fields(string route) => Properties(route).EnumerateObject().Select(field => field.Name);

    /// <summary>What a field may be.</summary>
    public static IEnumerable<string> Values(string route, string field) => Properties(route).GetProperty(field).GetProperty("enum").EnumerateArray().Select(value => value.GetString()!);

    private static JsonElement Properties(string route) => s_routes.EnumerateArray().Single(entry => Name(entry) == route).GetProperty("body").GetProperty("properties");

    private static string Name(JsonElement route) => route.GetProperty("id").GetString()!;
}
