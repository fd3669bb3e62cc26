using System.Text.Json;
using Evolution.Gateway.Api;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Gateway.Instances;
using Evolution.Storage.Outbox;
using Evolution.Storage.Settings;

namespace Evolution.Gateway.Events.Webhook;

/// <summary>webhook/set and webhook/find.</summary>
internal static class WebhookEndpoints
{
    private static Schema SetBody { get; } = Schema.Object
        .Properties(("webhook", Schema.Object
            .Properties(
                ("enabled", Schema.Boolean),
                ("url", Schema.String),
                ("headers", Schema.Object),
                ("byEvents", Schema.Boolean),
                ("base64", Schema.Boolean),
                ("events", Schema.Array.MinItems(0).Items(Schema.String.Enum([.. EventNames.Subscribable]).OrUnlisted([.. EventNames.Ours, EventNames.OtherGroupUpdate]))))
            .Required("enabled", "url")
            .NotEmpty("enabled", "url")))
        .Required("webhook");

    public static void MapWebhook(this IEndpointRouteBuilder routes)
    {
        var settings = routes.ServiceProvider.GetRequiredService<InstanceSettings>();
        var outbox = routes.ServiceProvider.GetRequiredService<EventOutbox>();
        routes.MapApi(
        [
            new(HttpMethods.Post, "/webhook/set/{instanceName}", Access.Instance, SetBody, call => SetAsync(call, settings, outbox)) { Reshape = WebhookBody.Wrapped },
            new(HttpMethods.Get, "/webhook/find/{instanceName}", Access.Instance, null, call => Task.FromResult(Find(call))),
        ]);
    }

    private static async Task<ApiReply> SetAsync(ApiCall call, InstanceSettings settings, EventOutbox outbox)
    {
        var body = call.Body.GetProperty("webhook");
        var stored = await settings.SaveAsync(call.Instance, present => WebhookBody.ReadChange(body, present), call.Aborted);
        // Nobody waits for these any more.
        if (!stored.Enabled)
            await outbox.DropAsync(Subscribers.InstanceWebhook, call.Instance.Id, call.Aborted);
        return ApiReply.Created(writer => Write(writer, stored));
    }

    private static ApiReply Find(ApiCall call) => ApiReply.Ok(writer =>
    {
        if (call.Instance.Webhook is { } webhook)
            Write(writer, webhook.Row);
        else
            writer.WriteNullValue();
    });

    private static void Write(Utf8JsonWriter writer, WebhookRow row)
    {
        writer.WriteStartObject();
        writer.WriteString("id", row.Id);
        writer.WriteString("url", row.Url);
        writer.WritePropertyName("headers");
        writer.WriteRawValue(row.Headers ?? "null");
        writer.WriteBoolean("enabled", row.Enabled);
        writer.WritePropertyName("events");
        writer.WriteRawValue(row.Events);
        writer.WriteBoolean("webhookByEvents", row.WebhookByEvents);
        writer.WriteBoolean("webhookBase64", row.WebhookBase64);
        writer.WriteString("createdAt", WireJson.Time(row.CreatedAt));
        writer.WriteString("updatedAt", WireJson.Time(row.UpdatedAt));
        writer.WriteString("instanceId", row.InstanceId);
        writer.WriteEndObject();
    }
}
