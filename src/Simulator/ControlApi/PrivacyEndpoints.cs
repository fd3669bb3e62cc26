using System.Text.Json.Nodes;
using Evolution.Simulator.Accounts;

namespace Evolution.Simulator.ControlApi;

/// <summary>Who may see what of a person, and whom the person has blocked.</summary>
internal sealed class PrivacyEndpoints(SimulatedWorld world)
{
    public void AddTo(ControlRouting routes)
    {
        routes.Map("GET", "/v1/phones/{number}/privacy", call => call.AnswerAsync(200, Privacy(call.Phone().Account)));
        routes.Map("POST", "/v1/phones/{number}/privacy", SetPrivacyAsync);
        routes.Map("GET", "/v1/phones/{number}/block", call => call.AnswerAsync(200, Blocked(call.Phone().Account)));
        routes.Map("POST", "/v1/phones/{number}/block", BlockAsync);
    }

    private async Task SetPrivacyAsync(ControlCall call)
    {
        var phone = call.Phone();
        var body = await call.BodyAsync([.. PersonalSettings.PrivacyValues.Keys.Order(StringComparer.Ordinal)]).ConfigureAwait(false);
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (category, allowed) in PersonalSettings.PrivacyValues)
        {
            if (body.Text(category, 64) is not { } value)
                continue;
            values[category] = allowed.Contains(value) ? value : throw ControlException.Bad($"{category} must be one of: {string.Join(", ", allowed)}.");
        }

        if (values.Count == 0)
            throw ControlException.Bad($"Give at least one of: {string.Join(", ", PersonalSettings.PrivacyValues.Keys.Order(StringComparer.Ordinal))}.");
        PhoneEndpoints.RequireOnline(phone);
        await world.Settings.SetPrivacyAsync(phone.Account, values).ConfigureAwait(false);
        await call.AnswerAsync(202, Privacy(phone.Account)).ConfigureAwait(false);
    }

    private async Task BlockAsync(ControlCall call)
    {
        var phone = call.Phone();
        var body = await call.BodyAsync("to", "blocked").ConfigureAwait(false);
        var other = world.FindPhone(body.RequiredText("to", 128))
            ?? throw new ControlException(404, "unknown-recipient", "Nobody has this number. POST /v1/phones makes a phone for it.");
        if (other == phone)
            throw ControlException.Bad("Nobody can block himself.");
        PhoneEndpoints.RequireOnline(phone);
        await world.Settings.SetBlockedAsync(phone.Account, other.Account, !body.Has("blocked") || body.Flag("blocked")).ConfigureAwait(false);
        await call.AnswerAsync(202, Blocked(phone.Account)).ConfigureAwait(false);
    }

    private static JsonObject Privacy(Account account) =>
        new(account.Settings.Privacy.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value)));

    private static JsonObject Blocked(Account account) =>
        new() { ["blocked"] = new JsonArray([.. account.Settings.Blocked.Order(StringComparer.Ordinal).Select(number => (JsonNode)number)]) };
}
