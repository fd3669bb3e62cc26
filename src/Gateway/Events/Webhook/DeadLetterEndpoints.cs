using System.Text.Json;
using Evolution.Gateway.Api;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Storage.Outbox;

namespace Evolution.Gateway.Events.Webhook;

/// <summary>webhook/deadLetters and webhook/requeue, routes of ours: what was given up is seen and sent again.</summary>
internal static class DeadLetterEndpoints
{
    private const int DefaultPage = 50;
    private const int MaxPage = 500;

    private static Schema RequeueBody { get; } = Schema.Object
        .Properties(("ids", Schema.Array.MinItems(1).UniqueItems().Items(new Schema().Type("integer"))))
        .Required("ids");

    public static void MapDeadLetters(this IEndpointRouteBuilder routes)
    {
        var letters = routes.ServiceProvider.GetRequiredService<DeadLetters>();
        routes.MapApi(
        [
            new(HttpMethods.Get, "/webhook/deadLetters/{instanceName}", Access.Instance, null, call => ListAsync(call, letters)),
            new(HttpMethods.Post, "/webhook/requeue/{instanceName}", Access.Instance, RequeueBody, call => RequeueAsync(call, letters)),
        ]);
    }

    private static async Task<ApiReply> ListAsync(ApiCall call, DeadLetters letters)
    {
        var limit = (int)(Number(call, "limit", 1, MaxPage) ?? DefaultPage);
        var found = await letters.ListAsync(call.Instance.Id, Number(call, "before", 1, long.MaxValue), limit, call.Aborted);
        return ApiReply.Ok(writer =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("records");
            foreach (var letter in found)
                Write(writer, letter);
            writer.WriteEndArray();
            if (found.Count == limit)
                writer.WriteNumber("before", found[^1].Id);
            else
                writer.WriteNull("before");
            writer.WriteEndObject();
        });
    }

    private static async Task<ApiReply> RequeueAsync(ApiCall call, DeadLetters letters)
    {
        var ids = call.Body.GetProperty("ids").EnumerateArray().Select(id => id.TryGetInt64(out var number) ? number : 0).ToList();
        if (ids.Count > MaxPage)
            throw ApiException.BadRequest($"ids has more than {MaxPage} items");
        var count = await letters.RequeueAsync(call.Instance.Id, ids, call.Aborted);
        return ApiReply.Ok(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("requeued", count);
            writer.WriteEndObject();
        });
    }

    private static long? Number(ApiCall call, string name, long min, long max) => call.Query(name) is not { } text ? null
        : long.TryParse(text, out var number) && number >= min && number <= max ? number
        : throw ApiException.BadRequest($"{name} must be a whole number from {min} to {max}");

    private static void Write(Utf8JsonWriter writer, DeadLetterRow letter)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id", letter.Id);
        writer.WriteString("eventId", letter.EventId);
        writer.WriteString("event", letter.Name);
        writer.WriteString("subscriber", letter.Subscriber);
        writer.WriteNumber("attempts", letter.Attempts);
        writer.WriteString("lastError", letter.LastError);
        writer.WriteString("createdAt", WireJson.Time(letter.CreatedAt));
        writer.WriteString("diedAt", WireJson.Time(letter.DiedAt));
        writer.WritePropertyName("body");
        writer.WriteRawValue(letter.Body);
        writer.WriteEndObject();
    }
}
