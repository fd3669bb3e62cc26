using System.Net;
using System.Text.Json.Nodes;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Iq;
using Evolution.Simulator.Tests.Faults;

namespace Evolution.Simulator.Tests.ControlApi;

public sealed class ProfileTests
{
    private const string Own = "5511999990001";
    private const string Alice = "5511999990002";
    private const string Bob = "5511999990003";
    private static readonly byte[] Picture = [0xFF, 0xD8, 0xFF, 1, 2, 3];

    [Fact]
    public async Task About_line_and_picture_are_told_to_the_companions_of_whom_the_phone_knows()
    {
        await using var simulator = await TestSimulator.StartAsync();
        using var api = new ControlClient(simulator.Host);
        await api.PhoneAsync(Own);
        await api.PhoneAsync(Alice);
        await using var companion = await Companion.LinkAsync(simulator.Host, api, Own);
        await companion.MessageAsync((string)(await api.PostAsync($"/v1/phones/{Alice}/messages", new { to = Own, text = "hello" }))["id"]!);

        await api.PostAsync($"/v1/phones/{Alice}/profile", new { name = "Alice +1", about = "Olá", picture = Convert.ToBase64String(Picture) }, HttpStatusCode.Accepted);

        Assert.Equal("Olá", Text((await NotificationAsync(api, companion, "status", 0)).Node["content"]![0]!));
        var (set, seq) = await NotificationAsync(api, companion, "picture", 0);
        Assert.Equal("set", (string?)set["content"]![0]!["tag"]);
        var phone = await api.GetAsync($"/v1/phones/{Alice}");
        Assert.Equal(("Alice +1", "Olá"), ((string?)phone["name"], (string?)phone["about"]));
        Assert.Equal(Picture, simulator.World.Media.Find(new Uri((string)phone["picture"]!).AbsolutePath));

        await api.PostAsync($"/v1/phones/{Alice}/profile", new { picture = "" }, HttpStatusCode.Accepted);

        Assert.Equal("delete", (string?)(await NotificationAsync(api, companion, "picture", seq)).Node["content"]![0]!["tag"]);
        Assert.Null((await api.GetAsync($"/v1/phones/{Alice}"))["picture"]);
        Assert.Empty(simulator.World.Violations.Snapshot());
    }

    [Fact]
    public async Task Who_asks_for_a_picture_gets_its_address_or_hears_that_there_is_none()
    {
        await using var simulator = await TestSimulator.StartAsync();
        using var api = new ControlClient(simulator.Host);
        await api.PhoneAsync(Own);
        await api.PhoneAsync(Alice);
        var (own, alice) = (simulator.World.FindPhone(Own)!, simulator.World.FindPhone(Alice)!);
        var iqs = new ProfileIqs(simulator.World);
        Task<Node?> AskAsync() => iqs.Picture(new IqCall(null!, own.Device, new Node("iq", new NodeAttributes { { "id", "1" }, { "target", alice.Jid } },
            [new Node("picture", new NodeAttributes { { "type", "preview" }, { "query", "url" } })]))).AsTask();

        Assert.Equal("404", (await AskAsync())!.Child("error")!["code"]);

        await api.PostAsync($"/v1/phones/{Alice}/profile", new { picture = Convert.ToBase64String(Picture) }, HttpStatusCode.Accepted);

        var picture = (await AskAsync())!.Child("picture")!;
        Assert.Equal(((string?)(await api.GetAsync($"/v1/phones/{Alice}"))["picture"], "preview"), (picture["url"], picture["type"]));
    }

    [Fact]
    public async Task A_question_for_the_own_picture_with_a_token_is_not_answered_and_a_foreign_token_is_noted()
    {
        await using var simulator = await TestSimulator.StartAsync();
        using var api = new ControlClient(simulator.Host);
        await api.PhoneAsync(Own);
        await api.PhoneAsync(Alice);
        await api.PhoneAsync(Bob);
        var (own, alice, bob) = (simulator.World.FindPhone(Own)!, simulator.World.FindPhone(Alice)!, simulator.World.FindPhone(Bob)!);
        var iqs = new ProfileIqs(simulator.World);
        Task<Node?> AskAsync(Simulator.Phones.Phone about, byte[] token) => iqs.Picture(new IqCall(null!, own.Device, new Node("iq", new NodeAttributes { { "id", "1" }, { "target", about.Jid } },
            [new Node("picture", new NodeAttributes { { "type", "image" }, { "query", "url" } }, [new Node("tctoken", null, token)])]))).AsTask();

        Assert.NotNull(await AskAsync(alice, simulator.World.TrustedContactToken(alice.Account, own.Account)));
        Assert.Empty(simulator.World.Violations.Snapshot());

        // What one gave her, what she gave to somebody else, and what somebody else gave one.
        Assert.NotNull(await AskAsync(alice, simulator.World.TrustedContactToken(own.Account, alice.Account)));
        Assert.NotNull(await AskAsync(alice, simulator.World.TrustedContactToken(alice.Account, bob.Account)));
        Assert.NotNull(await AskAsync(alice, simulator.World.TrustedContactToken(bob.Account, own.Account)));
        Assert.Null(await AskAsync(own, simulator.World.TrustedContactToken(own.Account, own.Account)));
        Assert.Equal(["foreign-token", "foreign-token", "foreign-token", "token-for-self"], simulator.World.Violations.Snapshot().Select(violation => violation.Code));
    }

    [Fact]
    public async Task A_business_is_shown_to_who_asks_rightly_also_after_a_restart()
    {
        await using var simulator = await TestSimulator.StartAsync();
        using (var api = new ControlClient(simulator.Host))
        {
            await api.PhoneAsync(Own);
            await api.PhoneAsync(Alice);
            await api.PostAsync($"/v1/phones/{Alice}/business", new { description = "Shop", websites = new[] { "https://shop.example" }, timeZone = "America/Sao_Paulo", openDays = new[] { "mon" } }, HttpStatusCode.Accepted);
            await api.PostTextAsync($"/v1/phones/{Alice}/business", """{"openDays":"mon"}""", HttpStatusCode.BadRequest);
        }

        await simulator.RestartAsync();
        var (own, alice) = (simulator.World.FindPhone(Own)!, simulator.World.FindPhone(Alice)!);
        var iqs = new ProfileIqs(simulator.World);
        Task<Node?> AskAsync(params Node[] profiles) => iqs.Business(new IqCall(null!, own.Device, new Node("iq", new NodeAttributes { { "id", "1" } },
            [new Node("business_profile", new NodeAttributes { { "v", "244" } }, profiles)]))).AsTask();

        var shown = (await AskAsync(new Node("profile", new NodeAttributes { { "jid", alice.Jid } })))!.Child("business_profile")!.Child("profile")!;
        Assert.Equal(("Shop", "https://shop.example", "mon"), (shown.Child("description")!.Text, shown.Child("website")!.Text, shown.Child("business_hours")!.Child("business_hours_config")!["day_of_week"]));
        Assert.Empty((await AskAsync(new Node("profile", new NodeAttributes { { "jid", own.Jid } })))!.Child("business_profile")!.Children);
        Assert.Empty(simulator.World.Violations.Snapshot());

        Assert.Equal("400", (await AskAsync(new Node("profile")))!.Child("error")!["code"]);
        Assert.Equal("bad-business-query", Assert.Single(simulator.World.Violations.Snapshot()).Code);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"name":""}""")]
    [InlineData("""{"picture":"no base64!"}""")]
    [InlineData("""{"nickname":"A"}""")]
    public async Task A_change_that_is_none_is_refused(string body)
    {
        await using var simulator = await TestSimulator.StartAsync();
        using var api = new ControlClient(simulator.Host);
        await api.PhoneAsync(Own);

        await api.PostTextAsync($"/v1/phones/{Own}/profile", body, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Texts_are_written_as_they_are()
    {
        await using var simulator = await TestSimulator.StartAsync();
        using var api = new ControlClient(simulator.Host);
        await api.PostAsync("/v1/phones", new { number = Own, name = "João + Ana" });

        var text = await api.Http.GetStringAsync($"/v1/phones/{Own}", TestContext.Current.CancellationToken);

        Assert.Contains("\"name\":\"João + Ana\"", text, StringComparison.Ordinal);
    }

    private static async Task<(JsonNode Node, long Seq)> NotificationAsync(ControlClient api, Companion companion, string type, long after)
    {
        while (true)
        {
            var page = await api.GetAsync($"/v1/clients/{Uri.EscapeDataString(companion.Jid)}/stanzas?direction=out&tag=notification&after={after}&wait=20");
            var stanzas = page["stanzas"]!.AsArray();
            Assert.NotEmpty(stanzas);
            if (stanzas.FirstOrDefault(stanza => (string?)stanza!["node"]!["attrs"]!["type"] == type) is { } found)
                return (found["node"]!, (long)found["seq"]!);
            after = (long)page["next"]!;
        }
    }

    private static string Text(JsonNode node) => System.Text.Encoding.UTF8.GetString(Convert.FromBase64String((string)node["content"]!));
}
