using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Evolution.Simulator.ControlApi;
using Evolution.Simulator.Server;

namespace Evolution.Simulator.Faults;

/// <summary>Asking for faults, looking at them and taking them away.</summary>
internal sealed class FaultEndpoints(SimulatedWorld world, FaultTable faults)
{
    public void AddTo(ControlRouting routes)
    {
        routes.Map("POST", "/v1/faults", AddAsync);
        routes.Map("GET", "/v1/faults", call => call.AnswerAsync(200, new JsonArray([.. faults.All.Select(Write)])));
        routes.Map("DELETE", "/v1/faults", call =>
        {
            faults.Clear();
            return call.NothingAsync(204);
        });
        routes.Map("DELETE", "/v1/faults/{id}", call => faults.Remove(call.Route("id"))
            ? call.NothingAsync(204)
            : throw new ControlException(404, "unknown-fault", "There is no fault with this id."));
    }

    private async Task AddAsync(ControlCall call)
    {
        var body = await call.BodyAsync("client", "when", "do").ConfigureAwait(false);
        var client = body.Text("client", 128);
        var (number, device) = client is null ? (null, null) : ClientEndpoints.Find(world, client);
        var action = FaultActions.Read(body);
        var when = ReadTrigger(body.Object("when", "tag", "type", "xmlns", "id", "direction", "count", "after"), action);
        var atOnce = !body.Has("when") && action.EndsConnection;
        var spec = new JsonObject { ["client"] = client };
        if (body.Find("when") is { } given)
            spec["when"] = JsonNode.Parse(given.GetRawText());
        spec["do"] = JsonNode.Parse(body.Find("do")!.Value.GetRawText());
        var fault = new Fault(RandomNumberGenerator.GetHexString(12, lowercase: true), number, device, atOnce ? when with { Count = 0 } : when, action)
        {
            Asked = spec,
        };

        if (atOnce)
        {
            foreach (var connection in world.Login.Connections.Where(c => c.Device is not null && fault.Concerns(c.Device)))
                await faults.StrikeAsync(fault, connection).ConfigureAwait(false);
            fault.End();
        }

        if (!faults.TryAdd(fault))
            throw new ControlException(409, "too-many-faults", "1,000 faults wait already; DELETE /v1/faults takes all of them away.");
        await call.AnswerAsync(201, new JsonObject { ["id"] = fault.Id, ["hits"] = fault.Hits }).ConfigureAwait(false);
    }

    private static FaultTrigger ReadTrigger(ControlBody? when, FaultAction action)
    {
        var (tag, type) = (when?.Text("tag", 64), when?.Text("type", 64));
        var trigger = new FaultTrigger(tag, type, when?.Text("xmlns", 64), when?.Text("id", 128), when?.Text("direction") switch
        {
            null => action.Usual(tag, type),
            "toClient" => StanzaDirection.Out,
            "fromClient" => StanzaDirection.In,
            _ => throw ControlException.Bad("when.direction must be toClient or fromClient."),
        }, when?.Whole("count", 0, 1_000_000) ?? 1, when?.Whole("after", 0, 1_000_000) ?? 0);
        return action.HasOccasion ? new FaultTrigger(null, null, null, null, StanzaDirection.Out, trigger.Count, trigger.After) : trigger;
    }

    private static JsonObject Write(Fault fault)
    {
        var json = new JsonObject { ["id"] = fault.Id };
        foreach (var (key, value) in fault.Asked)
            json[key] = value?.DeepClone();
        json["hits"] = fault.Hits;
        json["spent"] = fault.Spent;
        return json;
    }
}
