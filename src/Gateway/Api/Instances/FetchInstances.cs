using System.Text.Json;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.Instances;
using Evolution.Storage.Instances;

namespace Evolution.Gateway.Api.Instances;

/// <summary><c>GET /instance/fetchInstances</c>: all for the global key, those with the token for a token.</summary>
internal sealed class FetchInstances(InstanceStore store, InstanceDirectory directory, IInstanceHosts hosts)
{
    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        var rows = call.Caller.IsGlobal ? await ForGlobalKeyAsync(call) : await ForTokenAsync(call, call.Caller.Token!);
        var counts = await store.CountAsync([.. rows.Select(row => row.Id)], call.Aborted);
        return ApiReply.Ok(writer =>
        {
            writer.WriteStartArray();
            foreach (var row in rows)
            {
                // One that is being deleted is no longer in the directory, or not in the database.
                if (directory.Find(row.Name) is { } instance && counts.TryGetValue(row.Id, out var count))
                    Write(writer, row, instance, count);
            }

            writer.WriteEndArray();
        });
    }

    private async Task<IReadOnlyList<InstanceRow>> ForGlobalKeyAsync(ApiCall call)
    {
        var id = call.Query("instanceId");
        var number = id is null ? call.Query("number") : null;
        var name = id is null && number is null ? call.Query("instanceName") : null;
        // Not by the installation's name: what runs here is listed, also when it was made under another one.
        var rows = await store.ListAsync(new InstanceFilter { Id = id, Number = number, Name = name }, call.Aborted);
        return rows.Count > 0 || (id ?? number ?? name) is not { } wanted ? rows : throw ApiException.NotFound($"Instance \"{wanted}\" not found");
    }

    private async Task<IReadOnlyList<InstanceRow>> ForTokenAsync(ApiCall call, string token)
    {
        var rows = await store.ListAsync(
            new InstanceFilter { Token = token, Id = call.Query("instanceId"), Name = call.Query("instanceName") }, call.Aborted);
        return rows.Count > 0 ? rows : throw ApiException.Unauthorized();
    }

    private void Write(Utf8JsonWriter writer, InstanceRow row, Instance instance, InstanceCounts counts)
    {
        writer.WriteStartObject();
        writer.WriteString("id", row.Id);
        writer.WriteString("name", row.Name);
        writer.WriteString("connectionStatus", ConnectionStateNames.Of(hosts.HostOf(instance).Status.State));
        writer.WriteStringOrNull("ownerJid", row.OwnerJid);
        writer.WriteStringOrNull("profileName", row.ProfileName);
        writer.WriteStringOrNull("profilePicUrl", row.ProfilePicUrl);
        writer.WriteString("integration", row.Integration);
        writer.WriteStringOrNull("number", row.Number);
        writer.WriteStringOrNull("businessId", row.BusinessId);
        writer.WriteString("token", row.Token);
        writer.WriteString("clientName", row.ClientName);
        if (row.DisconnectionReasonCode is { } code)
            writer.WriteNumber("disconnectionReasonCode", code);
        else
            writer.WriteNull("disconnectionReasonCode");
        writer.WriteStringOrNull("disconnectionObject", row.DisconnectionObject);
        writer.WriteStringOrNull("disconnectionAt", row.DisconnectionAt is { } at ? WireJson.Time(at) : null);
        writer.WriteString("createdAt", WireJson.Time(row.CreatedAt));
        writer.WriteString("updatedAt", WireJson.Time(row.UpdatedAt));
        foreach (var absent in (ReadOnlySpan<string>)["Chatwoot", "Proxy", "Rabbitmq", "Nats", "Sqs", "Websocket"])
            writer.WriteNull(absent);
        writer.WritePropertyName("Setting");
        SettingsJson.WriteRow(writer, instance.Settings);
        WriteConnection(writer, hosts.HostOf(instance).Status);
        writer.WriteStartObject("_count");
        writer.WriteNumber("Message", counts.Messages);
        writer.WriteNumber("Contact", counts.Contacts);
        writer.WriteNumber("Chat", counts.Chats);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    // A field of ours: why it is not open, and when the next try is.
    private static void WriteConnection(Utf8JsonWriter writer, InstanceStatus status)
    {
        writer.WriteStartObject("connection");
        if (status.ReasonCode is { } code)
            writer.WriteNumber("reasonCode", code);
        else
            writer.WriteNull("reasonCode");
        writer.WriteStringOrNull("reason", status.Reason);
        writer.WriteNumber("attempt", status.Attempt);
        writer.WriteStringOrNull("nextTryAt", status.NextTryAt is { } at ? WireJson.Time(at) : null);
        writer.WriteEndObject();
    }
}
