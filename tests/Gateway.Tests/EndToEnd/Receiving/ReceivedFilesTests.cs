using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Evolution.Proto;

namespace Evolution.Gateway.Tests.EndToEnd.Receiving;

/// <summary>Files in wrappers, and the switch that puts files into events.</summary>
public sealed class ReceivedFilesTests(LinkedGatewayFixture fixture) : IClassFixture<LinkedGatewayFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private LinkedGateway Linked => fixture.Linked;

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Base64_switched_on_or_off_holds_from_the_next_message()
    {
        foreach (var wanted in new[] { false, true, false, true })
        {
            await Linked.SubscribeAsync(Ct, base64: wanted);

            var data = await Linked.ReceiveAsync(await FileAsync("image", new { base64 = Convert.ToBase64String(MediaSample.Jpeg), mimetype = "image/jpeg" }), Ct);

            Assert.Equal(wanted ? Convert.ToBase64String(MediaSample.Jpeg) : null, (string?)data["message"]!["base64"]);
        }
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("document", "ephemeralMessage", "documentWithCaptionMessage")]
    [InlineData("document", "documentWithCaptionMessage")]
    [InlineData("image", "ephemeralMessage")]
    [InlineData("image", "ephemeralMessage", "viewOnceMessageV2")]
    [InlineData("video", "associatedChildMessage")]
    [InlineData("sticker", "lottieStickerMessage")]
    [InlineData("image", "groupStatusMessageV2")]
    public async Task A_file_of_a_disappearing_chat_is_had_by_its_id_with_caption_and_accents_in_its_name(string kind, params string[] wrappers)
    {
        var content = await FileAsync(kind, new { base64 = Convert.ToBase64String(MediaSample.Jpeg), mimetype = "image/jpeg", caption = "Situação", fileName = "Relatório de ação nº 1.jpg" });
        foreach (var wrapper in wrappers.Reverse())
        {
            var outer = new Message();
            ContentSamples.Kind(wrapper).Accessor.SetValue(outer, new Message.Types.FutureProofMessage { Message = content });
            content = outer;
        }

        var id = (string)(await Linked.ReceiveAsync(content, Ct))["key"]!["id"]!;

        var file = await Linked.Gateway.PostAsync("/chat/getBase64FromMediaMessage/sales", new { message = new { key = new { id } } }, Ct);
        Assert.Equal((Convert.ToBase64String(MediaSample.Jpeg), $"{kind}Message"), ((string?)file["base64"], (string?)file["mediaType"]));
        if (kind != "sticker")
            Assert.Equal("Situação", (string?)file["caption"]);
        Assert.Equal(kind == "document" ? "Relatório de ação nº 1.jpg" : $"{id}.jpeg", (string?)file["fileName"]);
    }

    // Bob uploads it to himself, and what he then sends to us is built from that.
    private async Task<Message> FileAsync(string kind, object file)
    {
        using var control = new HttpClient { BaseAddress = Linked.Simulator.ControlUrl };
        var body = new JsonObject { ["to"] = LinkedGateway.OtherNumber, [kind] = System.Text.Json.JsonSerializer.SerializeToNode(file) };
        if (kind == "sticker")
            body[kind]!.AsObject().Remove("caption");
        if (kind != "document")
            body[kind]!.AsObject().Remove("fileName");
        using var answer = await control.PostAsJsonAsync($"/v1/phones/{LinkedGateway.OtherNumber}/messages", body, Ct);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Ct));
        var content = Linked.Other.FindMessage((string)(await answer.Content.ReadFromJsonAsync<JsonNode>(Ct))!["id"]!)!.Content;
        return content.DocumentWithCaptionMessage?.Message ?? content;
    }
}
