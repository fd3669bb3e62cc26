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
    public async Task<IReadOnlyDictionary<string, string>> SettingsAsync()
    {
        var info = (await http.GetFromJsonAsync<JsonObject>("/v1/info"))!;
        return new Dictionary<string, string> { ["WHATSAPP_WEB_URL"] = (string)info["webSocketUrl"]!, ["WHATSAPP_NOISE_ROOT_KEY"] = (string)info["rootKey"]! };
    }

    public Task MakePhoneAsync(string number) => PostAsync("/v1/phones", new { number, name = $"Phone {number[^4..]}" });

    /// <summary>The phone links the companion that shows the code; returns once that is logged in.</summary>
    public Task ScanAsync(string number, string code) => PostAsync($"/v1/phones/{number}/scan?wait=60", new { qr = code });

    /// <summary>Lets phones write to one companion and returns at once.</summary>
    public Task LoadAsync(IReadOnlyList<string> senders, string to, double ratePerSecond, int count) =>
        PostAsync("/v1/load", new { senders, to, ratePerSecond, count });

    public void Dispose() => http.Dispose();

    private async Task PostAsync(string path, object body)
    {
        using var answer = await http.PostAsJsonAsync(path, body);
        if (!answer.IsSuccessStatusCode)
            throw new InvalidOperationException($"The simulator answered {(int)answer.StatusCode} to {path}: {await answer.Content.ReadAsStringAsync()}");
    }
}
