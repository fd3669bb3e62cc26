using System.Text.Json;
using System.Text.Json.Nodes;
using Evolution.Simulator.ControlApi;
using Evolution.Simulator.ControlApi.Content;
using Evolution.Simulator.Phones;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.Load;

/// <summary>Starting loads and reading their counts.</summary>
internal sealed class LoadEndpoints(SimulatedWorld world, LoadGenerator loads)
{
    private const int MaxSenders = 10_000;
    private static readonly string[] s_contentFields = [.. MessageBuilder.Kinds, "mentions", "forwarded", "viewOnce", "ephemeral"];

    public void AddTo(ControlRouting routes)
    {
        routes.Map("POST", "/v1/load", StartAsync);
        routes.Map("GET", "/v1/load/{id}", call => call.AnswerAsync(200, Write(loads.Find(call.Route("id")) ?? throw Unknown())));
        routes.Map("DELETE", "/v1/load/{id}", call => loads.Stop(call.Route("id")) ? call.NothingAsync(204) : throw Unknown());
    }

    private static ControlException Unknown() => new(404, "unknown-load", "There is no load with this id.");

    private async Task StartAsync(ControlCall call)
    {
        var body = await call.BodyAsync("senders", "to", "ratePerSecond", "count", "content").ConfigureAwait(false);
        var to = Recipients(body);
        var senders = Senders(body);
        var rate = body.Number("ratePerSecond", 0.01, 100_000) ?? throw ControlException.Bad("ratePerSecond is missing.");
        var count = (int)(body.Whole("count", 1, 1_000_000) ?? throw ControlException.Bad("count is missing."));
        var content = body.Object("content", s_contentFields);
        if (content is not null)
            new MessageBuilder(world).Build(new MessageRequest(world, to[0], new PhoneChat(to[0].Account, null), content), new Writes());
        var run = loads.Start(new LoadPlan(senders, to, rate, count, content));
        await call.AnswerAsync(201, new JsonObject { ["id"] = run.Id }).ConfigureAwait(false);
    }

    private List<Phone> Recipients(ControlBody body)
    {
        IReadOnlyList<string> names = body.Find("to")?.ValueKind == JsonValueKind.Array ? body.RequiredTexts("to") : [body.RequiredText("to")];
        var phones = names.Select(name => MessageEndpoints.Recipient(world, name).Person is { } person
            ? world.PhoneOf(person)
            : throw new ControlException(422, "unsupported-recipient", "Load goes to people only.")).ToList();
        return phones.FirstOrDefault(phone => phone.Devices().Count == 0) is { } lonely
            ? throw new ControlException(409, "no-companion", $"Nothing is linked to {lonely.Number}: nobody would confirm a message.")
            : phones;
    }

    private List<string> Senders(ControlBody body)
    {
        if (body.Find("senders") is { ValueKind: JsonValueKind.Number })
            return [.. Enumerable.Range(0, (int)body.Whole("senders", 1, MaxSenders)!.Value).Select(i => $"55219900{i:D5}")];
        var numbers = body.RequiredTexts("senders");
        foreach (var number in numbers)
        {
            if (world.FindPhone(number) is not { } phone)
                throw new ControlException(404, "unknown-phone", $"There is no phone {number}. Give senders a count to have phones made.");
            PhoneEndpoints.RequireOnline(phone);
        }

        return [.. numbers];
    }

    private static JsonObject Write(LoadRun run) => new()
    {
        ["id"] = run.Id,
        ["state"] = run.State,
        ["sent"] = run.Sent,
        ["ackedByServer"] = run.Acked,
        ["delivered"] = run.Delivered,
        ["undecryptable"] = run.Undecryptable,
        ["elapsedMs"] = Math.Round(run.Elapsed.TotalMilliseconds),
        ["p50Ms"] = run.Percentile(0.50),
        ["p99Ms"] = run.Percentile(0.99),
    };
}
