using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Evolution.Load;

/// <summary>The simulator's control API, as far as a load needs it.</summary>
internal sealed class SimulatorApi(Uri address) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = address };

    /// <summary>Number of the phone with this index.</summary>
    public static string Number(int index) => $"55119{index.ToString("D8", CultureInfo.InvariantCulture)}";

    /// <summary>What points a gateway at this simulator.</summary>
    /// <param name="folder">Gets the certificate of its media host.</param>
    public async Task<IReadOnlyDictionary<string, string>> SettingsAsync(string folder)
    {
        var info = (await http.GetFromJsonAsync<JsonObject>("/v1/info"))!;
        var certificate = Path.Combine(folder, "media-ca.pem");
        await File.WriteAllTextAsync(certificate, (string)info["mediaCa"]!);
        return new Dictionary<string, string>
        {
            ["WHATSAPP_WEB_URL"] = (string)info["webSocketUrl"]!,
            ["WHATSAPP_NOISE_ROOT_KEY"] = (string)info["rootKey"]!,
            ["WHATSAPP_MEDIA_CA"] = certificate,
        };
    }

    public Task MakePhoneAsync(string number) => PostAsync("/v1/phones", new { number, name = $"Phone {number[^4..]}" });

    /// <summary>The phone links the companion that shows the code; returns once that is logged in.</summary>
    public Task ScanAsync(string number, string code) => PostAsync($"/v1/phones/{number}/scan?wait=60", new { qr = code });

    /// <summary>Lets phones write to one companion and returns at once.</summary>
    public Task LoadAsync(IReadOnlyList<string> senders, string to, double ratePerSecond, int count) =>
        PostAsync("/v1/load", new { senders, to, ratePerSecond, count });

    /// <returns>The group's JID.</returns>
    public async Task<string> MakeGroupAsync(string creator, string subject, IReadOnlyList<string> participants) =>
        (string)(await PostAsync("/v1/groups", new { creator, subject, participants }))["jid"]!;

    /// <summary>The phone sends a document of random bytes.</summary>
    /// <returns>The message's id.</returns>
    public async Task<string> SendDocumentAsync(string from, string to, int size) =>
        (string)(await PostAsync($"/v1/phones/{from}/messages", new { to, document = new { size, mimetype = "application/octet-stream", fileName = "load.bin" } }))["id"]!;

    public void Dispose() => http.Dispose();

    private async Task<JsonObject> PostAsync(string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(path, body);
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? JsonNode.Parse(text)!.AsObject()
            : throw new InvalidOperationException($"The simulator answered {(int)answer.StatusCode} to {path}: {text}");
    }
}
