using System.Net;
using System.Text.Json.Nodes;
using Evolution.Gateway.Providers;
using Evolution.Gateway.Tests.Support;
using Evolution.Proto;
using Evolution.Protocol.Jids;

namespace Evolution.Gateway.Tests.Api;

/// <summary>The options that sends share: which routes honour them, and where.</summary>
public sealed class SendOptionsTests : IAsyncLifetime
{
    private const string Person = "5511999990001";
    private const string Group = "120363000000000001";

    private static readonly Dictionary<string, object> s_bodies = new()
    {
        ["sendText"] = new { text = "hello" },
        ["sendMedia"] = new { mediatype = "image", media = EndToEnd.MediaSample.JpegBase64 },
        ["sendPtv"] = new { video = Convert.ToBase64String(new byte[100]) },
        ["sendWhatsAppAudio"] = new { audio = Convert.ToBase64String(EndToEnd.MediaSample.Opus(2)), encoding = false },
        ["sendSticker"] = new { sticker = Convert.ToBase64String(EndToEnd.MediaSample.WebP) },
        ["sendLocation"] = new { latitude = -22.9, longitude = -43.2, name = "Office", address = "Main St 1" },
        ["sendPoll"] = new { name = "Tea?", selectableCount = 1, values = (string[])["Green", "Black"] },
        ["sendList"] = new { title = "Menu", buttonText = "Open", footerText = "Footer", sections = (object[])[new { title = "Tea", rows = (object[])[new { title = "Green", rowId = "1" }] }] },
        ["sendButtons"] = new { title = "Tea?", buttons = (object[])[new { type = "reply", displayText = "Yes", id = "1" }] },
    };

    private RunningGateway _gateway = null!;
    private string _token = null!;

    public static TheoryData<string> Routes => [.. s_bodies.Keys];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private ScriptedProvider Provider => _gateway.HostOf("sales").Provider;

    public async ValueTask InitializeAsync()
    {
        _gateway = await RunningGateway.StartAsync(Ct);
        _token = await _gateway.CreateAsync("sales", Ct);
        Provider.Groups[Group] = new GroupSummary(Jid.Parse($"{Group}@g.us"), "Team", [Jid.ForPhone(Person), Jid.ForPhone("5511999990002")]);
    }

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_quote_a_delay_and_mentions_count_for_every_kind_and_mentions_in_groups_alone(string route)
    {
        await SendAsync(route, Group, new { mentioned = (string[])["5511999990002"] });
        await SendAsync(route, Group, new { mentionsEveryOne = true });
        await SendAsync(route, Person, new { mentioned = (string[])["5511999990002"] });
        await SendAsync(route, Person, new { mentionsEveryOne = true });
        Assert.Empty(Provider.Presences);
        await SendAsync(route, Person, new { delay = 1, quoted = new { key = new { id = "3A02" }, message = new { conversation = "earlier" } } });

        Assert.Equal(["5511999990002", $"{Person},5511999990002", "", "", ""], Provider.Sent.Select(sent => string.Join(',', sent.Mentioned.Select(jid => jid.User))));
        var quoted = Provider.Sent[^1].Quoted;
        Assert.Equal(("3A02", "earlier"), (quoted?.Id, quoted is null ? null : Message.Parser.ParseFrom(quoted.Content.Span).Conversation));
        var shown = route == "sendWhatsAppAudio" ? "Recording" : "Composing";
        Assert.Equal([$"{Person} subscribe", $"{Person} {shown}", $"{Person} Paused"], Provider.Presences);
    }

    [Fact]
    public async Task A_contact_has_none_of_them()
    {
        await SendAsync(
            "sendContact",
            Group,
            new { delay = 1, mentionsEveryOne = true, quoted = new { key = new { id = "3A02" }, message = new { conversation = "earlier" } } },
            new { contact = (object[])[new { fullName = "Ana", phoneNumber = "5511999990003" }] });

        var sent = Assert.Single(Provider.Sent);
        Assert.Null(sent.Quoted);
        Assert.Empty(sent.Mentioned);
        Assert.Empty(Provider.Presences);
    }

    [Theory]
    [InlineData("true", 2)]
    [InlineData("false", 0)]
    public async Task A_form_says_as_a_text_whether_everyone_is_mentioned(string everyone, int mentioned)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(Group), "number" },
            { new StringContent("image"), "mediatype" },
            { new StringContent(everyone), "mentionsEveryOne" },
            { new ByteArrayContent(EndToEnd.MediaSample.Jpeg), "file", "photo.jpg" },
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_gateway.Address, "/message/sendMedia/sales")) { Content = form };
        request.Headers.Add("apikey", _token);

        Assert.Equal(HttpStatusCode.Created, (await _gateway.SendAsync(request, Ct)).Status);

        Assert.Equal(mentioned, Assert.Single(Provider.Sent).Mentioned.Count);
    }

    private Task SendAsync(string route, string number, object options) => SendAsync(route, number, options, s_bodies[route]);

    private async Task SendAsync(string route, string number, object options, object content)
    {
        var body = new JsonObject { ["number"] = number };
        foreach (var part in new[] { options, content })
        {
            foreach (var (name, value) in System.Text.Json.JsonSerializer.SerializeToNode(part)!.AsObject())
                body[name] = value?.DeepClone();
        }

        var reply = await _gateway.PostAsync($"/message/{route}/sales", _token, body.ToJsonString(), Ct);
        Assert.True(reply.Status == HttpStatusCode.Created, reply.Text);
    }
}
