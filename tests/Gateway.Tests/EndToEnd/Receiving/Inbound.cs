using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Evolution.Gateway.EvolutionWire.Messages;
using Evolution.Proto;
using Evolution.Simulator.Phones;
using Google.Protobuf;

namespace Evolution.Gateway.Tests.EndToEnd.Receiving;

/// <summary>What a phone sends to a <see cref="LinkedGateway"/> and what becomes of it.</summary>
internal static class Inbound
{
    /// <summary>Bob writes to the instance; the id.</summary>
    public static Task<string> SendAsync(this LinkedGateway linked, Message content, OutgoingMessage? how = null) =>
        linked.Other.SendAsync(LinkedGateway.OwnNumber, content, how);

    /// <summary>The data of the message's event.</summary>
    public static async Task<JsonNode> UpsertAsync(this LinkedGateway linked, string id, CancellationToken cancellationToken) =>
        (await linked.Receiver.WaitAsync("messages.upsert", data => (string?)data["key"]!["id"] == id, cancellationToken))["data"]!;

    /// <summary>Bob sends it and the webhook hears of it.</summary>
    public static async Task<JsonNode> ReceiveAsync(this LinkedGateway linked, Message content, CancellationToken cancellationToken) =>
        await linked.UpsertAsync(await linked.SendAsync(content), cancellationToken);

    /// <summary>Waits until all that Bob has sent so far is handled: what comes after in the same chat is handled after.</summary>
    public static Task SettleAsync(this LinkedGateway linked, CancellationToken cancellationToken) =>
        linked.ReceiveAsync(new Message { Conversation = "settled" }, cancellationToken);

    /// <summary>What the webhook heard of a message so far, as event names.</summary>
    public static IReadOnlyList<string> EventsOf(this LinkedGateway linked, string id) =>
        [.. linked.Receiver.Events.Where(e => e["data"]!.ToJsonString().Contains(id, StringComparison.Ordinal)).Select(e => (string)e["event"]!)];

    /// <summary>The message as findMessages has it; null when it has none.</summary>
    public static async Task<JsonNode?> FindAsync(this LinkedGateway linked, string id, CancellationToken cancellationToken)
    {
        var found = await linked.Gateway.PostAsync("/chat/findMessages/sales", new { where = new { key = new { id } } }, cancellationToken);
        return Assert.Single(found["messages"]!["records"]!.AsArray().DefaultIfEmpty());
    }

    /// <summary>A counter of /metrics, all its series together, 0 while nothing has been counted.</summary>
    /// <param name="linked">A gateway with metrics.</param>
    /// <param name="name">The counter.</param>
    /// <param name="label">Part of the labels of the series that count; null for all.</param>
    /// <param name="cancellationToken">Gives up asking.</param>
    public static async Task<long> CountAsync(this LinkedGateway linked, string name, string? label, CancellationToken cancellationToken)
    {
        var text = await linked.Gateway.Http.GetStringAsync("/metrics", cancellationToken);
        return text.Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal) && (label is null || line.Contains(label, StringComparison.Ordinal)))
            .Sum(line => long.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>What an event has, with bytes and 64-bit numbers as find routes write them.</summary>
    public static JsonNode? AsRecord(JsonNode? value) => value switch
    {
        JsonObject { Count: 3 } halves when halves.ContainsKey("low") && halves.ContainsKey("high") => Joined(halves),
        JsonObject { Count: > 0 } bytes when bytes.Select(item => item.Key).SequenceEqual(Enumerable.Range(0, bytes.Count).Select(i => i.ToString(CultureInfo.InvariantCulture))) =>
            Convert.ToBase64String([.. bytes.Select(item => (byte)item.Value!)]),
        JsonObject fields => new JsonObject(fields.Select(field => KeyValuePair.Create(field.Key, AsRecord(field.Value)))),
        JsonArray items => new JsonArray([.. items.Select(AsRecord)]),
        _ => value?.DeepClone(),
    };

    /// <summary>Holds an event and the record of findMessages to each other.</summary>
    public static async Task AgreesWithRecordAsync(this LinkedGateway linked, JsonNode data, CancellationToken cancellationToken)
    {
        var row = await linked.FindAsync((string)data["key"]!["id"]!, cancellationToken);
        Assert.NotNull(row);
        foreach (var name in new[] { "key", "pushName", "messageType", "message", "contextInfo", "messageTimestamp", "instanceId", "source" })
        {
            var expected = AsRecord(data[name]);
            Assert.True(JsonNode.DeepEquals(expected, row[name]), $"{name} is {expected?.ToJsonString()} in the event and {row[name]?.ToJsonString()} in the record");
        }
    }

    /// <summary>The protobuf message behind its JSON.</summary>
    public static T Read<T>(JsonNode json)
        where T : IMessage<T>, new()
    {
        using var document = JsonDocument.Parse(json.ToJsonString(), RunningGateway.DeepJson);
        return ProtoJsonReader.Read<T>(document.RootElement);
    }

    private static JsonNode Joined(JsonObject halves)
    {
        var value = ((long)(int)halves["high"]! << 32) | (uint)(int)halves["low"]!;
        return (bool)halves["unsigned"]! ? ((ulong)value).ToString(CultureInfo.InvariantCulture) : value.ToString(CultureInfo.InvariantCulture);
    }
}
