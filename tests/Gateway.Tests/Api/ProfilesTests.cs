using System.Net;
using Evolution.Gateway.Providers;
using Evolution.Gateway.Tests.Support;
using Evolution.Protocol.Jids;

namespace Evolution.Gateway.Tests.Api;

/// <summary>Profiles of which WhatsApp does not give all.</summary>
public sealed class ProfilesTests : IAsyncLifetime
{
    private RunningGateway gateway = null!;
    private string token = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ScriptedProvider Provider => gateway.HostOf("sales").Provider;

    public async ValueTask InitializeAsync()
    {
        gateway = await RunningGateway.StartAsync(Stop);
        token = await gateway.CreateAsync("sales", Stop);
    }

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact]
    public async Task A_part_that_is_refused_is_null_and_the_others_are_there()
    {
        Provider.PictureFailure = new ProviderException(ProviderError.TimedOut, "WhatsApp did not answer in time");

        var reply = await AskAsync("fetchProfile", """{"number":5511999990001}""");

        Assert.Equal(
            """{"wuid":"5511999990001@s.whatsapp.net","numberExists":true,"picture":null,"status":{"status":"Busy","setAt":null},"isBusiness":false}""", reply.Text);
        Assert.Equal(
            """{"wuid":"5511999990001@s.whatsapp.net","profilePictureUrl":null}""", (await AskAsync("fetchProfilePictureUrl", """{"number":"5511999990001"}""")).Text);
    }

    [Fact]
    public async Task Without_a_connection_there_is_no_profile()
    {
        Provider.Account = new OwnAccount(Jid.ForPhone("5511999990001"), null, "Ana");
        // Known from before: the lookup does not ask.
        await AskAsync("fetchProfile", """{"number":"5511999990001"}""");
        Provider.Failure = new ProviderException(ProviderError.NotConnected, "Connection Closed");

        foreach (var body in (string[])["""{"number":"5511999990001"}""", """{"number":"5511999990002"}""", "{}"])
        {
            var reply = await AskAsync("fetchProfile", body);
            Assert.Equal((HttpStatusCode.BadRequest, """["Error: Connection Closed"]"""), (reply.Status, reply.Message));
        }

        var business = await AskAsync("fetchBusinessProfile", "{}");
        Assert.Equal((HttpStatusCode.InternalServerError, """["Error updating profile name","Error: Connection Closed"]"""), (business.Status, business.Message));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync("fetchProfilePictureUrl", """{"number":"5511999990002"}""")).Status);
    }

    [Fact]
    public async Task A_group_is_not_asked_for_what_only_people_have()
    {
        Provider.Groups["120363000000000001"] = new GroupSummary(Jid.Parse("120363000000000001@g.us"), "Club", []);

        Assert.Equal(
            """{"wuid":"120363000000000001@g.us","name":"Club","numberExists":true,"picture":null,"status":null,"isBusiness":false}""",
            (await AskAsync("fetchProfile", """{"number":"120363000000000001@g.us"}""")).Text);
    }

    [Fact]
    public async Task An_account_is_told_by_the_JID_it_has_and_not_by_how_its_number_was_written()
    {
        Provider.Known.Add("551199990003");

        Assert.Equal(
            """{"wuid":"551199990003@s.whatsapp.net","profilePictureUrl":null}""", (await AskAsync("fetchProfilePictureUrl", """{"number":"5511999990003"}""")).Text);
    }

    [Fact]
    public async Task Before_anybody_is_linked_there_is_no_own_profile()
    {
        foreach (var route in (string[])["fetchProfile", "fetchBusinessProfile"])
            Assert.Equal(HttpStatusCode.BadRequest, (await AskAsync(route, "{}")).Status);
    }

    private Task<Reply> AskAsync(string route, string body) => gateway.SendAsync(HttpMethod.Post, $"/chat/{route}/sales", token, body, Stop);
}
