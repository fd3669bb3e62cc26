using System.Text.Json.Nodes;

namespace Evolution.Simulator.Tests.ControlApi;

/// <summary>Looks for what passed between a companion and the server.</summary>
internal static class StanzaSearch
{
    /// <summary>The first stanza after a place that fits.</summary>
    /// <param name="query">Direction and tag, as in the API.</param>
    /// <exception cref="TimeoutException">None came in time.</exception>
    public static async Task<JsonNode> StanzaAsync(this ControlClient api, string client, string query, Func<JsonNode, bool> fits, long after = 0)
    {
        while (true)
        {
            var page = await api.GetAsync($"/v1/clients/{Uri.EscapeDataString(client)}/stanzas?{query}&after={after}&wait=20");
            if (page["stanzas"]!.AsArray() is not { Count: > 0 } stanzas)
                throw new TimeoutException("No such stanza passed.");
            if (stanzas.FirstOrDefault(stanza => fits(stanza!["node"]!)) is { } found)
                return found;
            after = (long)page["next"]!;
        }
    }

    /// <summary>What passed so far.</summary>
    public static async Task<IReadOnlyList<JsonNode>> StanzasAsync(this ControlClient api, string client, string query) =>
        [.. (await api.GetAsync($"/v1/clients/{Uri.EscapeDataString(client)}/stanzas?{query}"))["stanzas"]!.AsArray().Select(stanza => stanza!["node"]!)];

    public static string? Attr(this JsonNode node, string name) => (string?)node["attrs"]![name];

    /// <summary>The first child with this tag; null when there is none.</summary>
    public static JsonNode? Child(this JsonNode node, string tag) => (node["content"] as JsonArray)?.FirstOrDefault(child => (string?)child!["tag"] == tag);
}
