using System.Text.Json.Nodes;
using Evolution.Simulator.Phones;
using Evolution.Simulator.Tests.ControlApi;

namespace Evolution.Simulator.Tests.Faults;

/// <summary>A simulator, a real client that is linked to one of its phones and has heard all that it is told then, and another phone. Each fault strikes as asked, and the client comes through.</summary>
public abstract class WithCompanion : IAsyncLifetime
{
    private protected const string Own = "5511999990001";
    private protected const string Other = "5511999990002";
    private protected TestSimulator _simulator = null!;
    private protected ControlClient _api = null!;
    private protected Companion _companion = null!;
    private protected Phone _other = null!;

    private protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _simulator = await TestSimulator.StartAsync();
        _api = new ControlClient(_simulator.Host);
        await _api.PhoneAsync(Own);
        await _api.PhoneAsync(Other);
        _other = _simulator.Phone(Other);
        _companion = await Companion.LinkAsync(_simulator.Host, _api, Own);

        // What the phone tells a new companion are messages too, which faults would strike: the key, and two parts of history.
        var told = 0;
        await StanzaAsync("direction=out&tag=message", _ => ++told == 3);
    }

    public async ValueTask DisposeAsync()
    {
        await _companion.DisposeAsync();
        _api.Dispose();
        await _simulator.DisposeAsync();
    }

    /// <summary>The fault as the list shows it.</summary>
    private protected async Task<JsonNode> ShownAsync(string fault) =>
        Assert.Single((await _api.GetAsync("/v1/faults")).AsArray(), shown => (string?)shown!["id"] == fault)!;

    private protected async Task<string> AddAsync(object fault) => (string)(await _api.PostAsync("/v1/faults", fault))["id"]!;

    private protected async Task<JsonNode> StanzaAsync(string query, Func<JsonNode, bool> fits)
    {
        long after = 0;
        while (true)
        {
            var page = await _api.GetAsync($"/v1/clients/{_companion.Jid}/stanzas?{query}&after={after}&wait=15");
            var stanzas = page["stanzas"]!.AsArray();
            if (stanzas.Count == 0)
                throw new TimeoutException("No such stanza passed.");
            if (stanzas.FirstOrDefault(s => fits(s!)) is { } found)
                return found;
            after = (long)page["next"]!;
        }
    }
}
