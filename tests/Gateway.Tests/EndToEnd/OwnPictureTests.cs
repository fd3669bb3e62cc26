using System.Text.Json.Nodes;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>The picture of an instance's account, as clients show it beside the instance.</summary>
public sealed class OwnPictureTests : IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private LinkedGateway _linked = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _linked = await LinkedGateway.StartAsync(Ct);

    public ValueTask DisposeAsync() => _linked.DisposeAsync();

    [Fact(Timeout = TestLimit.Ms)]
    public async Task It_is_looked_at_after_each_login_and_told_at_the_next_and_a_logout_forgets_it()
    {
        await _linked.Own.Profile.ChangeAsync(name: null, about: null, [0xFF, 0xD8, 0xFF]);
        var address = _linked.Own.Profile.PictureUrl;

        await RestartAsync();
        await UntilShownAsync(address);
        Assert.Equal(address, await RestartAsync());

        await _linked.Own.Profile.ChangeAsync(name: null, about: null, []);
        await RestartAsync();
        await UntilShownAsync(null);
        Assert.Null(await RestartAsync());

        await _linked.Own.Profile.ChangeAsync(name: null, about: null, [0xFF, 0xD8, 0xFF]);
        await RestartAsync();
        await UntilShownAsync(_linked.Own.Profile.PictureUrl);
        await _linked.Gateway.DeleteAsync("/instance/logout/sales", Ct);
        Assert.Null((await FetchAsync())["profilePicUrl"]);
        Assert.Empty(_linked.Simulator.World.Violations.Snapshot());
    }

    /// <returns>The picture's address that the login's event tells.</returns>
    private async Task<string?> RestartAsync()
    {
        var before = _linked.Receiver.Events.Count;
        await _linked.Gateway.PostAsync("/instance/restart/sales", new JsonObject(), Ct);
        var open = await _linked.Receiver.WaitForAsync(e => (string?)e["event"] == "connection.update" && (string?)e["data"]!["state"] == "open", before, Ct);
        return (string?)open["data"]!["profilePictureUrl"];
    }

    // No event tells of it.
    private async Task UntilShownAsync(string? value)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(s_limit);
        while ((string?)(await FetchAsync())["profilePicUrl"] != value)
            limit.Token.ThrowIfCancellationRequested();
    }

    private async Task<JsonNode> FetchAsync() => (await _linked.Gateway.GetAsync("/instance/fetchInstances?instanceName=sales", Ct))[0]!;
}
