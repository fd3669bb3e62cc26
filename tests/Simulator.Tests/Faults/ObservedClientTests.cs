using System.Net;
using System.Text.Json.Nodes;
using Evolution.Client;

namespace Evolution.Simulator.Tests.Faults;

/// <summary>What the control API shows of a client, and what a load does to it.</summary>
public sealed class ObservedClientTests : WithCompanion
{
    [Fact]
    public async Task Clients_and_their_stanzas_are_shown_with_plaintext()
    {
        var client = Assert.Single((await _api.GetAsync("/v1/clients")).AsArray())!;
        Assert.Equal(_companion.Jid, (string?)client["jid"]);
        Assert.False((bool)client["passive"]!);

        var id = await _other.SendTextAsync(Own, "hello companion");
        await _companion.MessageAsync(id);

        var receipt = await StanzaAsync("direction=in&tag=receipt", s => (string?)s["node"]!["attrs"]!["id"] == id);
        var message = await StanzaAsync("direction=out&tag=message", s => (string?)s["node"]!["attrs"]!["id"] == id);
        Assert.Equal("hello companion", (string?)message["plaintext"]!["conversation"]);
        Assert.Equal("enc", (string?)message["node"]!["content"]![0]!["tag"]);
        Assert.True((long)receipt["seq"]! > (long)message["seq"]!);
        await _api.GetAsync("/v1/clients/5511999990009:3@s.whatsapp.net/stanzas", HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_load_is_sent_delivered_and_counted()
    {
        var id = (string)(await _api.PostAsync("/v1/load", new { senders = 3, to = Own, ratePerSecond = 200, count = 60 }))["id"]!;
        for (var i = 0; i < 60; i++)
            await _companion.EventAsync<MessageReceived>();

        JsonNode run;
        do
        {
            run = await _api.GetAsync($"/v1/load/{id}");
        }
        while ((string?)run["state"] == "running");

        Assert.Equal("done", (string?)run["state"]);
        Assert.Equal((60, 60, 60, 0), ((int)run["sent"]!, (int)run["ackedByServer"]!, (int)run["delivered"]!, (int)run["undecryptable"]!));
        Assert.True((double)run["p50Ms"]! <= (double)run["p99Ms"]!);
        Assert.True((double)run["elapsedMs"]! >= 250);
        await _api.PostAsync("/v1/load", new { senders = 1, to = Other, ratePerSecond = 1, count = 1 }, HttpStatusCode.Conflict);
        await _api.PostAsync("/v1/load", new { senders = 1, to = Own, ratePerSecond = 0, count = 1 }, HttpStatusCode.BadRequest);
    }
}
