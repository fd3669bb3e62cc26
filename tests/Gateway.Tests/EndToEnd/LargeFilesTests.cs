using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Evolution.Simulator;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>Files much larger than the memory that may be used for them.</summary>
[Trait("Part", "budgets")]
public sealed class LargeFilesTests
{
    private const string OwnNumber = "5511999990001";
    private const string OtherNumber = "5511999990002";

    private const int Length = 100 * 1024 * 1024;
    private const int SmallLength = 64 * 1024;

    // A file that was held whole, once, would already be more.
    private const long MostGrowth = 80L * 1024 * 1024;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_document_of_a_hundred_megabytes_goes_through_in_flat_memory_both_ways()
    {
        var folder = Directory.CreateTempSubdirectory("evolution-large-").FullName;
        await using var simulator = await SimulatorHost.StartAsync(new SimulatorOptions { DataDir = Path.Combine(folder, "simulator") }, Ct);
        await using var receiver = await WebhookReceiver.StartAsync(Ct);
        await using var gateway = new RestartableGateway(folder, simulator);
        using var control = new HttpClient { BaseAddress = simulator.ControlUrl, Timeout = TimeSpan.FromMinutes(1) };
        var own = await simulator.World.CreatePhoneAsync(OwnNumber, "Alice");
        await simulator.World.CreatePhoneAsync(OtherNumber, "Bob");
        gateway.Start();
        await gateway.LinkAsync("sales", own, receiver.Url, ["CONNECTION_UPDATE", "MESSAGES_UPSERT"], Ct);
        await receiver.WaitAsync("connection.update", data => (string?)data["state"] == "open", Ct);

        // The event alone tells of the file; who wants it asks for it.
        var webhook = new { enabled = true, url = receiver.Url.ToString(), events = new[] { "MESSAGES_UPSERT" }, base64 = false };
        using (var set = await gateway.Http.PostAsJsonAsync("/webhook/set/sales", new { webhook }, Ct))
            Assert.True(set.IsSuccessStatusCode);

        // Code and pools that any file needs.
        await SendAsync(gateway, SmallLength);
        await ReceiveAsync(gateway, control, receiver, SmallLength);
        var before = await gateway.PeakBytesAsync(Ct);

        await SendAsync(gateway, Length);
        var afterSending = await gateway.PeakBytesAsync(Ct);
        await ReceiveAsync(gateway, control, receiver, Length);
        var afterReceiving = await gateway.PeakBytesAsync(Ct);

        TestContext.Current.SendDiagnosticMessage("peak: {0} MB, sending {1} MB, receiving {2} MB", before >> 20, afterSending >> 20, afterReceiving >> 20);
        Assert.InRange(afterSending - before, 0, MostGrowth);
        Assert.InRange(afterReceiving - before, 0, MostGrowth);
        Directory.Delete(folder, recursive: true);
    }

    private static async Task SendAsync(RestartableGateway gateway, int length)
    {
        using var form = new MultipartFormDataContent();
        form.Add(new StringContent(OtherNumber), "number");
        form.Add(new StringContent("document"), "mediatype");
        form.Add(new ByteArrayContent(new byte[length]), "file", "a.bin");
        using var answer = await gateway.Http.PostAsync("/message/sendMedia/sales", form, Ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
    }

    // The file is fetched whole by whoever asks for it, as base64.
    private static async Task ReceiveAsync(RestartableGateway gateway, HttpClient control, WebhookReceiver receiver, int length)
    {
        using var sent = await control.PostAsJsonAsync(
            $"/v1/phones/{OtherNumber}/messages", new { to = OwnNumber, document = new { size = length, mimetype = "application/octet-stream", fileName = "b.bin" } }, Ct);
        Assert.True(sent.IsSuccessStatusCode, await sent.Content.ReadAsStringAsync(Ct));
        var id = (string)(await sent.Content.ReadFromJsonAsync<JsonNode>(Ct))!["id"]!;
        await receiver.WaitAsync("messages.upsert", data => (string?)data["key"]!["id"] == id, Ct);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/chat/getBase64FromMediaMessage/sales") { Content = JsonContent.Create(new { message = new { key = new { id } } }) };
        using var answer = await gateway.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
        Assert.True(answer.IsSuccessStatusCode);
        await using var body = await answer.Content.ReadAsStreamAsync(Ct);
        var piece = new byte[81920];
        long read = 0;
        int count;
        while ((count = await body.ReadAsync(piece, Ct)) > 0)
            read += count;
        Assert.InRange(read, length / 3 * 4L, long.MaxValue);
    }
}
