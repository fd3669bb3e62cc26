using System.Net;
using System.Text.Json.Nodes;
using Evolution.Simulator.Accounts;

namespace Evolution.Gateway.Tests.EndToEnd.Omni;

/// <summary>Profiles, which Automagik Omni passes on as they come.</summary>
public sealed class OmniProfileTests : WithLinkedOmni
{
    private const string BobJid = OmniWorld.OtherNumber + "@s.whatsapp.net";

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_person_has_name_picture_and_about_line()
    {
        await _world.ReadAsync(await _world.Other.SendTextAsync(OmniWorld.OwnNumber, "Hello"), Ct);
        await _world.Other.Profile.ChangeAsync(name: null, "Olá", [0xFF, 0xD8, 0xFF]);

        var profile = await AskAsync("fetchProfile", OmniWorld.OtherNumber);

        var setAt = (string)profile["status"]!["setAt"]!;
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$", setAt);
        var picture = _world.Other.Profile.PictureUrl;
        Assert.Equal(
            $$"""{"wuid":"{{BobJid}}","name":"Bob","numberExists":true,"picture":"{{picture}}","status":{"status":"Olá","setAt":"{{setAt}}"},"isBusiness":false}""",
            Text(profile));
        Assert.Equal($$"""{"wuid":"{{BobJid}}","profilePictureUrl":"{{picture}}"}""", Text(await AskAsync("fetchProfilePictureUrl", "+55 (11) 99999-0002")));
        Assert.Equal(
            $$"""{"isBusiness":false,"message":"Not is business profile","jid":"{{BobJid}}","exists":true,"number":"{{BobJid}}"}""",
            Text(await AskAsync("fetchBusinessProfile", OmniWorld.OtherNumber)));
        Assert.Empty(_world.Simulator.World.Violations.Snapshot());
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_business_shows_more()
    {
        await _world.Other.Profile.ShowBusinessAsync(new BusinessProfile(
            "Shop", "Main St 1", "a@shop.example", ["https://shop.example"], "Retail", "America/Sao_Paulo", ["mon"]));

        var profile = await AskAsync("fetchProfile", OmniWorld.OtherNumber);

        Assert.Equal((true, "a@shop.example", "Shop", "https://shop.example"),
            ((bool)profile["isBusiness"]!, (string?)profile["email"], (string?)profile["description"], (string?)profile["website"]));
        // He has written nothing yet, and shows no picture.
        Assert.False(profile.AsObject().ContainsKey("name"));
        Assert.True(profile.AsObject().TryGetPropertyValue("picture", out var none) && none is null);
        Assert.Equal(
            $$$"""{"isBusiness":true,"wid":"{{{BobJid}}}","address":"Main St 1","description":"Shop","website":["https://shop.example"],"email":"a@shop.example","category":"Retail","business_hours":{"timezone":"America/Sao_Paulo","business_config":[{"day_of_week":"mon","mode":"open_24h"}]}}""",
            Text(await AskAsync("fetchBusinessProfile", OmniWorld.OtherNumber)));
        Assert.Empty(_world.Simulator.World.Violations.Snapshot());
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Nobody_s_number_is_refused_with_its_JID_in_place_of_the_number()
    {
        var refused = await Assert.ThrowsAsync<OmniException>(() => AskAsync("fetchProfile", "+5511999990099"));

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Equal("""[{"jid":"5511999990099@s.whatsapp.net","exists":false,"number":"5511999990099@s.whatsapp.net"}]""", refused.Body["response"]!["message"]!.ToJsonString());
        Assert.Equal("""{"wuid":"5511999990099@s.whatsapp.net","profilePictureUrl":null}""", Text(await AskAsync("fetchProfilePictureUrl", "5511999990099")));
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task Without_a_number_it_is_the_own_account()
    {
        await _world.Own.Profile.ChangeAsync(name: null, "Aqui", [0xFF, 0xD8, 0xFF]);

        var profile = await _world.Omni.PostAsync(OmniWorld.To("/chat/fetchProfile"), "{}", Ct);

        Assert.Equal(($"{OmniWorld.OwnNumber}@s.whatsapp.net", _world.Own.Profile.PictureUrl, "Aqui", false),
            ((string?)profile["wuid"], (string?)profile["picture"], (string?)profile["status"]!["status"], (bool)profile["isBusiness"]!));
        await _world.Own.Profile.ShowBusinessAsync(new BusinessProfile("Own shop"));
        var business = await _world.Omni.PostAsync(OmniWorld.To("/chat/fetchBusinessProfile"), "{}", Ct);
        Assert.Equal(($"{OmniWorld.OwnNumber}@s.whatsapp.net", "Own shop"), ((string?)business["wid"], (string?)business["description"]));
        Assert.Equal(HttpStatusCode.BadRequest, (await Assert.ThrowsAsync<OmniException>(() => _world.Omni.PostAsync(OmniWorld.To("/chat/fetchProfilePictureUrl"), "{}", Ct))).Status);
        Assert.Empty(_world.Simulator.World.Violations.Snapshot());
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task A_group_has_its_subject_and_nothing_of_a_person()
    {
        var group = await _world.Simulator.World.CreateGroupAsync(OmniWorld.OtherNumber, "Club", [OmniWorld.OwnNumber]);

        Assert.Equal(
            $$"""{"wuid":"{{group}}","name":"Club","numberExists":true,"picture":null,"status":null,"isBusiness":false}""",
            Text(await AskAsync("fetchProfile", OmniClient.Number(group.ToString()))));
    }

    private static string Text(JsonNode json) => json.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private Task<JsonNode> AskAsync(string route, string number) => _world.Omni.PostAsync(OmniWorld.To($"/chat/{route}"), new { number }, Ct);
}
