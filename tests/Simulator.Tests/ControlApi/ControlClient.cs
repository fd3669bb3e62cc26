using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;

namespace Evolution.Simulator.Tests.ControlApi;

/// <summary>Calls the control API of a simulator as a foreign test suite would.</summary>
internal sealed class ControlClient(SimulatorHost host) : IDisposable
{
    private readonly HttpClient _http = new() { BaseAddress = host.ControlUrl, Timeout = TimeSpan.FromSeconds(30) };

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public HttpClient Http => _http;

    public async Task<JsonNode> GetAsync(string path, HttpStatusCode expected = HttpStatusCode.OK) =>
        await ReadAsync(await _http.GetAsync(path, Ct), expected);

    public async Task<JsonNode> PostAsync(string path, object body, HttpStatusCode expected = HttpStatusCode.Created) =>
        await ReadAsync(await _http.PostAsJsonAsync(path, body, Ct), expected);

    public async Task<JsonNode> PostTextAsync(string path, string body, HttpStatusCode expected)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await ReadAsync(await _http.PostAsync(path, content, Ct), expected);
    }

    public async Task<HttpStatusCode> DeleteAsync(string path) => (await _http.DeleteAsync(path, Ct)).StatusCode;

    public Task PhoneAsync(string number) => PostAsync("/v1/phones", new { number });

    /// <summary>The message when the phone has it.</summary>
    public async Task<JsonNode> WaitForAsync(string phone, string id)
    {
        long after = 0;
        while (true)
        {
            var page = await GetAsync($"/v1/phones/{phone}/messages?after={after}&wait=20");
            if (page["messages"]!.AsArray().Count == 0)
                throw new TimeoutException("The message did not come.");
            if (page["messages"]!.AsArray().FirstOrDefault(m => (string?)m!["id"] == id) is { } found)
                return found;
            after = (long)page["next"]!;
        }
    }

    public void Dispose() => _http.Dispose();

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        var text = await response.Content.ReadAsStringAsync(Ct);
        Assert.True(response.StatusCode == expected, $"{(int)response.StatusCode}: {text}");
        return text.Length == 0 ? new JsonObject() : JsonNode.Parse(text)!;
    }
}
