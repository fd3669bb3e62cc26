using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Evolution.Gateway.Tests.EndToEnd.Omni;

/// <summary>
/// How Automagik Omni speaks to the gateway: the headers of its client of instances on every request, a body or the header of one on every method, JSON
/// expected of every success, and a retry with the instance's own token after a 401.
/// </summary>
internal sealed class OmniClient(Uri server, string key) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None }) { Timeout = TimeSpan.FromSeconds(30) };

    public static string SettingsBody => """
        {"rejectCall": false, "msgCall": "Call rejected automatically", "groupsIgnore": false, "alwaysOnline": false, "readMessages": true,
         "readStatus": true, "syncFullHistory": true}
        """;

    /// <summary>The body of webhook/set.</summary>
    public static object WebhookBody(Uri url) => new { webhook = new { enabled = true, url = url.ToString(), events = (string[])["MESSAGES_UPSERT"], base64 = true, byEvents = false } };

    /// <summary>A number as it goes out: without anything behind an @ and without the plus, be it a person, a group or a LID.</summary>
    public static string Number(string number) => number.Split('@')[0].TrimStart('+');

    public Task<JsonNode> GetAsync(string path, CancellationToken cancellationToken) => CallAsync(HttpMethod.Get, path, null, cancellationToken);

    public Task<JsonNode> DeleteAsync(string path, CancellationToken cancellationToken) => CallAsync(HttpMethod.Delete, path, null, cancellationToken);

    public Task<JsonNode> PutAsync(string path, CancellationToken cancellationToken) => CallAsync(HttpMethod.Put, path, "{}", cancellationToken);

    public Task<JsonNode> PostAsync(string path, object body, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Post, path, body as string ?? JsonSerializer.Serialize(body), cancellationToken);

    /// <summary>With the token in place of the key, should it be refused.</summary>
    public async Task<JsonNode> RefreshingAsync(string path, string instance, string globalKey, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync(path, cancellationToken);
        }
        catch (OmniException e) when (e.Status == HttpStatusCode.Unauthorized)
        {
            using var admin = new OmniClient(server, globalKey);
            var token = (string)(await admin.GetAsync($"/instance/fetchInstances?instanceName={Uri.EscapeDataString(instance)}", cancellationToken))[0]!["token"]!;
            using var again = new OmniClient(server, token);
            return await again.GetAsync(path, cancellationToken);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonNode> CallAsync(HttpMethod method, string path, string? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(server.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.Add("apikey", key);
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body ?? ""));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await _http.SendAsync(request, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        Assert.Empty(answer.Content.Headers.ContentEncoding);
        if (!answer.IsSuccessStatusCode)
            throw new OmniException(answer.StatusCode, text);
        // Of every success, also of a deletion.
        return JsonNode.Parse(text, documentOptions: RunningGateway.DeepJson) ?? throw new JsonException($"{method} {path} answered null");
    }
}
