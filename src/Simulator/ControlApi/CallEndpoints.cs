using System.Text.Json.Nodes;
using Evolution.Simulator.Phones;

namespace Evolution.Simulator.ControlApi;

/// <summary>Calls that phones make.</summary>
internal sealed class CallEndpoints(SimulatedWorld world)
{
    public void AddTo(ControlRouting routes)
    {
        routes.Map("POST", "/v1/phones/{number}/calls", OfferAsync);
        routes.Map("GET", "/v1/phones/{number}/calls", ListAsync);
    }

    private async Task OfferAsync(ControlCall call)
    {
        var phone = call.Phone();
        var body = await call.BodyAsync("to", "video").ConfigureAwait(false);
        var to = world.FindPhone(body.RequiredText("to", 128)) ?? throw new ControlException(404, "unknown-recipient", "Nobody has this number.");
        PhoneEndpoints.RequireOnline(phone);
        await call.AnswerAsync(202, Write(await phone.Calls.OfferAsync(to.Number, body.Flag("video")).ConfigureAwait(false))).ConfigureAwait(false);
    }

    // Waits, if at all, for a call that no longer rings.
    private static async Task ListAsync(ControlCall call)
    {
        var calls = call.Phone().Calls;
        var found = await call.PollAsync(() => calls.NextChange, () => calls.All is { } all && all.Any(c => c.State != "ringing") ? all : null).ConfigureAwait(false);
        await call.AnswerAsync(200, new JsonObject { ["calls"] = new JsonArray([.. (found ?? calls.All).Select(Write)]) }).ConfigureAwait(false);
    }

    private static JsonObject Write(PhoneCall call) => new()
    {
        ["id"] = call.Id,
        ["to"] = call.To,
        ["video"] = call.Video,
        ["at"] = ControlTime.Write(call.At),
        ["state"] = call.State,
    };
}
