using System.Text.Json.Nodes;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>
/// Every way in which WhatsApp ends a connection or refuses a login: what the API and the webhook say of it, what is kept of the credentials, when the
/// next try is, and that messages flow again afterwards.
/// </summary>
public sealed class DisconnectionTests(FaultyWorld world) : IClassFixture<FaultyWorld>
{
    /// <summary>What follows the end of a connection.</summary>
    public enum Sequel
    {
        /// <summary>The next try comes at once.</summary>
        Restart,

        /// <summary>The next try comes by itself after a wait.</summary>
        Wait,

        /// <summary>No try until somebody asks for one; the identity stays good.</summary>
        Stop,

        /// <summary>Logged out; the credentials stay.</summary>
        LogOut,

        /// <summary>Logged out; the credentials are deleted.</summary>
        Wipe,

        /// <summary>Logged out; the credentials are put aside.</summary>
        Archive,
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("""{"streamError":{"code":515}}""", Sequel.Restart, 515)]
    [InlineData("""{"streamError":{"code":401}}""", Sequel.Wipe, 401)]
    [InlineData("""{"streamError":{"code":401,"reason":"none"}}""", Sequel.LogOut, 401)]
    [InlineData("""{"streamError":{"code":403}}""", Sequel.Wait, 403)]
    [InlineData("""{"streamError":{"code":405}}""", Sequel.Wait, 405)]
    [InlineData("""{"streamError":{"code":408}}""", Sequel.Wait, 408)]
    [InlineData("""{"streamError":{"code":411}}""", Sequel.Wait, 411)]
    [InlineData("""{"streamError":{"code":440}}""", Sequel.Stop, 440)]
    [InlineData("""{"streamError":{"code":409,"reason":"replaced"}}""", Sequel.Stop, 409)]
    [InlineData("""{"streamError":{"code":500}}""", Sequel.Wait, 500)]
    [InlineData("""{"streamError":{"code":503}}""", Sequel.Wait, 503)]
    [InlineData("""{"streamError":{"code":516}}""", Sequel.LogOut, 516)]
    [InlineData("""{"streamError":{"code":599}}""", Sequel.Wait, 599)]
    [InlineData("""{"streamError":{"code":500,"detail":"xml-not-well-formed"}}""", Sequel.Wait, 500)]
    [InlineData("""{"streamError":{"code":500,"detail":"ack"}}""", Sequel.Wait, 500)]
    [InlineData("""{"cut":true}""", Sequel.Wait, 428)]
    [InlineData("""{"halfFrame":true}""", Sequel.Wait, 428)]
    public async Task A_connection_that_ends(string fault, Sequel sequel, int code)
    {
        var instance = await world.LinkAsync(Ct);
        var before = new Before(world, instance);

        await instance.BreakAsync(Parse(fault), null, Ct);

        await FollowAsync(instance, before, sequel, code, attempt: 1, waitSeconds: null);
    }

    [Theory(Timeout = TestLimit.Ms)]
    [InlineData("""{"failure":{"reason":400}}""", Sequel.Archive, 400)]
    [InlineData("""{"failure":{"reason":401}}""", Sequel.Archive, 401)]
    [InlineData("""{"failure":{"reason":402}}""", Sequel.Wait, 402)]
    [InlineData("""{"failure":{"reason":402,"code":101,"expire":3600}}""", Sequel.Wait, 402, 3600)]
    [InlineData("""{"failure":{"reason":403}}""", Sequel.Archive, 403)]
    [InlineData("""{"failure":{"reason":405}}""", Sequel.Stop, 405)]
    [InlineData("""{"failure":{"reason":406}}""", Sequel.Archive, 406)]
    [InlineData("""{"failure":{"reason":409}}""", Sequel.Archive, 409)]
    [InlineData("""{"failure":{"reason":411}}""", Sequel.Archive, 411)]
    [InlineData("""{"failure":{"reason":413}}""", Sequel.Archive, 413)]
    [InlineData("""{"failure":{"reason":414}}""", Sequel.Archive, 414)]
    [InlineData("""{"failure":{"reason":415}}""", Sequel.Archive, 415)]
    [InlineData("""{"failure":{"reason":418}}""", Sequel.Archive, 418)]
    [InlineData("""{"failure":{"reason":429}}""", Sequel.Wait, 429)]
    [InlineData("""{"failure":{"reason":500}}""", Sequel.Wait, 500)]
    [InlineData("""{"failure":{"reason":501}}""", Sequel.Archive, 501)]
    [InlineData("""{"failure":{"reason":503}}""", Sequel.Wait, 503)]
    [InlineData("""{"failure":{"reason":599}}""", Sequel.Archive, 599)]
    public async Task A_login_that_is_refused(string fault, Sequel sequel, int code, int? waitSeconds = null)
    {
        var instance = await world.LinkAsync(Ct);
        await instance.BreakAsync(Parse(fault), new JsonObject { ["tag"] = "success" }, Ct);
        var cut = new Before(world, instance);
        await instance.BreakAsync(Parse("""{"cut":true}"""), null, Ct);
        await instance.WaitUntilWaitingAsync(cut.Logged, Ct);
        var before = new Before(world, instance);

        await instance.MoveOnToNextTryAsync(Ct);

        await instance.WaitForEventAsync("connection.update connecting 200", before.Events, Ct);
        await FollowAsync(instance, before, sequel, code, attempt: 2, waitSeconds, "connection.update connecting 200");
    }

    /// <param name="heard">What the webhook hears before the consequence.</param>
    private async Task FollowAsync(LinkedInstance instance, Before before, Sequel sequel, int code, int attempt, int? waitSeconds, params string[] heard)
    {
        string[] reopened = ["connection.update connecting 200", "connection.update open 200"];
        switch (sequel)
        {
            case Sequel.Restart:
                await instance.WaitForEventAsync("connection.update open 200", before.Events, Ct);
                Assert.Equal([.. heard, .. reopened], instance.EventsOfConnection(before.Events));
                break;

            case Sequel.Wait:
                await instance.WaitUntilWaitingAsync(before.Logged, Ct);
                await AssertWaitsAsync(instance, code, attempt, waitSeconds);
                Assert.Equal(before.Identity, instance.StoredIdentities().Current);
                Assert.Equal(heard, instance.EventsOfConnection(before.Events));
                await instance.MoveOnToNextTryAsync(Ct);
                await instance.WaitForEventAsync("connection.update open 200", before.Events, Ct);
                Assert.Equal([.. heard, .. reopened], instance.EventsOfConnection(before.Events));
                break;

            case Sequel.Stop:
                await instance.WaitForEventAsync($"connection.update close {code}", before.Events, Ct);
                await AssertClosedAsync(instance, code, isLinked: true);
                Assert.Equal([.. heard, $"connection.update close {code}"], instance.EventsOfConnection(before.Events));
                Assert.Equal(before.Identity, instance.StoredIdentities().Current);
                await world.Gateway.GetAsync($"/instance/connect/{instance.Name}", Ct);
                await instance.WaitForEventAsync("connection.update open 200", before.Events, Ct);
                break;

            default:
                await instance.WaitForEventAsync($"connection.update close {code}", before.Events, Ct);
                await AssertClosedAsync(instance, code, isLinked: false);
                Assert.Equal([.. heard, $"status.instance closed {code}", "logout.instance", $"connection.update close {code}"], instance.EventsOfConnection(before.Events));
                await LinkAgainAsync(instance, before, sequel);
                break;
        }

        await AssertOpenAsync(instance);
        await instance.ConverseAsync(Ct);
        await world.Gateway.DeleteAsync($"/instance/delete/{instance.Name}", Ct);
        Assert.Empty(world.Simulator.World.Violations.Snapshot());
    }

    private async Task AssertWaitsAsync(LinkedInstance instance, int code, int attempt, int? waitSeconds)
    {
        var shown = await instance.FetchAsync(Ct);
        Assert.Equal(("connecting", "connecting"), (await instance.StateAsync(Ct), (string?)shown["connectionStatus"]));
        Assert.Equal((code, attempt), ((int)shown["connection"]!["reasonCode"]!, (int)shown["connection"]!["attempt"]!));
        Assert.NotEqual("", (string)shown["connection"]!["reason"]!);
        var wait = (LinkedInstance.NextTryOf(shown) - world.Clock.GetUtcNow()).TotalSeconds;
        // The server's own figure is kept to; ours is a tenth more or less.
        Assert.Equal(waitSeconds ?? 1, wait, tolerance: waitSeconds is null ? 0.11 : 0.01);
        Assert.NotNull(shown["ownerJid"]);
        Assert.Null(shown["disconnectionReasonCode"]);
    }

    private static async Task AssertClosedAsync(LinkedInstance instance, int code, bool isLinked)
    {
        var shown = await instance.FetchAsync(Ct);
        Assert.Equal(("close", "close"), (await instance.StateAsync(Ct), (string?)shown["connectionStatus"]));
        Assert.Equal(code, (int)shown["connection"]!["reasonCode"]!);
        Assert.Null(shown["connection"]!["nextTryAt"]);
        Assert.Equal(code, (int)shown["disconnectionReasonCode"]!);
        Assert.Equal(code, (int)JsonNode.Parse((string)shown["disconnectionObject"]!)!["error"]!["output"]!["statusCode"]!);
        Assert.NotNull(shown["disconnectionAt"]);
        Assert.Equal(isLinked, shown["ownerJid"] is not null);
    }

    private static async Task AssertOpenAsync(LinkedInstance instance)
    {
        var shown = await instance.FetchAsync(Ct);
        Assert.Equal("open", (string?)shown["connectionStatus"]);
        Assert.Equal($"{instance.Phone.Number}@s.whatsapp.net", (string?)shown["ownerJid"]);
        Assert.Null(shown["connection"]!["reasonCode"]);
        Assert.Null(shown["connection"]!["nextTryAt"]);
    }

    private async Task LinkAgainAsync(LinkedInstance instance, Before before, Sequel sequel)
    {
        var (current, archived) = instance.StoredIdentities();
        Assert.Equal(sequel == Sequel.LogOut, current == before.Identity);
        Assert.Equal(sequel == Sequel.Archive ? [before.Identity] : [], archived);
        var events = world.Receiver.Events.Count;

        var answer = await world.Gateway.GetAsync($"/instance/connect/{instance.Name}", Ct);

        if (sequel == Sequel.LogOut)
            await instance.WaitForEventAsync("connection.update open 200", events, Ct);
        else
            await instance.ScanAsync((string)answer["code"]!, Ct);
    }

    private static JsonObject Parse(string json) => JsonNode.Parse(json)!.AsObject();

    /// <summary>How things stood before a fault.</summary>
    private sealed class Before(FaultyWorld world, LinkedInstance instance)
    {
        public string Identity { get; } = instance.StoredIdentities().Current;

        public int Events { get; } = world.Receiver.Events.Count;

        public int Logged { get; } = world.Log.Entries.Count;
    }
}
