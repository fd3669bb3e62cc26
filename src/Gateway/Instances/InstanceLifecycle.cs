using System.Text.Json;
using Evolution.Client.Stores;
using Evolution.Gateway.Events;
using Evolution.Gateway.EvolutionWire;
using Evolution.Storage.Instances;
using Evolution.Storage.Settings;

namespace Evolution.Gateway.Instances;

/// <summary>Makes and deletes instances, each in one transaction with the event that tells of it.</summary>
internal sealed class InstanceLifecycle(InstanceDirectory directory, IInstanceHosts hosts, InstanceStore store, GatewayEvents events)
{
    /// <exception cref="NameTakenException">The name exists; nothing was stored.</exception>
    public async Task<Instance> CreateAsync(InstanceRow row, SettingsRow settings, WebhookRow? webhook, CancellationToken cancellationToken)
    {
        var instance = new Instance(row, settings, webhook is null ? null : new WebhookSubscription(webhook));
        var attached = new List<IAttachedWrite> { settings };
        if (webhook is not null)
            attached.Add(webhook);
        if (events.Compose(instance, EventNames.InstanceCreate, null, "", writer => WriteInstance(writer, instance)) is { } created)
            attached.Add(created);
        var stored = await store.CreateAsync(row, attached, cancellationToken);
        return await directory.AddAsync(stored, CancellationToken.None);
    }

    /// <summary>
    /// Deletes an instance with all it has, in whatever state it is. Once begun it is done to the end, also when the client hangs up: half a deletion
    /// would leave an instance nobody knows of.
    /// </summary>
    public async Task DeleteAsync(Instance instance)
    {
        var sender = hosts.HostOf(instance).Provider.Account?.Phone.ToString();
        await hosts.RemoveAsync(instance, CancellationToken.None);
        var farewell = new List<IAttachedWrite>();
        if (events.Compose(instance, EventNames.InstanceDelete, sender, "", writer => WriteInstance(writer, instance)) is { } deleted)
            farewell.Add(deleted);
        if (events.Compose(instance, EventNames.RemoveInstance, sender, "", writer => writer.WriteNullValue()) is { } removed)
            farewell.Add(removed);
        // What waits for the instance's own webhook goes with it; only the farewell is still delivered.
        await store.DeleteAsync(instance.Id, [Subscribers.InstanceWebhook], farewell, CancellationToken.None);
        directory.Remove(instance);
    }

    private static void WriteInstance(Utf8JsonWriter writer, Instance instance)
    {
        writer.WriteStartObject();
        writer.WriteString("instanceName", instance.Name);
        writer.WriteString("instanceId", instance.Id);
        writer.WriteEndObject();
    }
}
