using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Evolution.Load;

/// <summary>The gateway's REST API, as far as a load needs it.</summary>
internal sealed class GatewayApi : IDisposable
{
    public const string Key = "bench-key-of-no-value";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly HttpClient http;

    public GatewayApi(Uri address)
    {
        http = new HttpClient { BaseAddress = address };
        http.DefaultRequestHeaders.Add("apikey", Key);
    }

    /// <summary>Makes an instance and returns the text of its first QR code.</summary>
    /// <param name="webhook">Gets all of the instance's events; null for no webhook.</param>
    public async Task<string> CreateAsync(string name, Uri? webhook)
    {
        var body = new JsonObject { ["instanceName"] = name, ["integration"] = "WHATSAPP-BAILEYS", ["qrcode"] = true };
        if (webhook is not null)
            body["webhook"] = new JsonObject { ["enabled"] = true, ["url"] = webhook.ToString(), ["events"] = new JsonArray() };
        using var answer = await http.PostAsJsonAsync("/instance/create", body);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode && (string?)JsonNode.Parse(text)!["qrcode"]?["code"] is { } code
            ? code
            : throw new InvalidOperationException($"No QR code of {name}: {(int)answer.StatusCode} {text}");
    }

    /// <summary>Waits until so many instances are connected.</summary>
    public async Task WaitForOpenAsync(int count)
    {
        using var limit = new CancellationTokenSource(Patience);
        while ((int)(await http.GetFromJsonAsync<JsonObject>("/readyz", limit.Token))!["whatsapp"]!["open"]! < count)
            await Task.Delay(100, limit.Token);
    }

    /// <summary>Sends a text; throws unless it was accepted.</summary>
    public async Task SendTextAsync(string instance, string number, string text)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/message/sendText/{instance}");
        request.Content = new StringContent($$"""{"number":"{{number}}","text":"{{text}}"}""", MediaTypeHeaderValue.Parse("application/json"));
        using var answer = await http.SendAsync(request);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"sendText answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>Sends a document; throws unless it was accepted.</summary>
    public async Task SendDocumentAsync(string instance, string number, byte[] document)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(number), "number" },
            { new StringContent("document"), "mediatype" },
            { new ByteArrayContent(document), "file", "load.bin" },
        };
        using var answer = await http.PostAsync($"/message/sendMedia/{instance}", form);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"sendMedia answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
    }

    /// <summary>Fetches the file of a received message and throws it away.</summary>
    public async Task ReadFileAsync(string instance, string id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/chat/getBase64FromMediaMessage/{instance}") { Content = JsonContent.Create(new { message = new { key = new { id } } }) };
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"getBase64FromMediaMessage answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        await answer.Content.CopyToAsync(Stream.Null);
    }

    /// <summary>Transactions flushed to the disk, and write sets in them, since the start.</summary>
    public async Task<(double Flushes, double Sets)> StorageCountsAsync()
    {
        var lines = (await http.GetStringAsync("/metrics")).Split('\n');
        return (Read("evolution_storage_commits_total "), Read("evolution_storage_sets_total "));

        double Read(string series) => lines.FirstOrDefault(line => line.StartsWith(series, StringComparison.Ordinal)) is { } line
            ? double.Parse(line[series.Length..], CultureInfo.InvariantCulture)
            : 0;
    }

    public void Dispose() => http.Dispose();
}
