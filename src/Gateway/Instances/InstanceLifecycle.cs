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
    /// <returns>False when somebody else is deleting it.</returns>
    public async Task<bool> DeleteAsync(Instance instance)
    {
        var host = hosts.HostOf(instance);
        if (!instance.TryLeave())
            return false;
        var isGone = false;
        try
        {
            var sender = host.Provider.Account?.Phone.ToString();
            await hosts.RemoveAsync(instance, CancellationToken.None);
            await store.DeleteAsync(instance.Id, [Subscribers.InstanceWebhook], Farewell(instance, sender), CancellationToken.None);
            directory.Remove(instance);
            isGone = true;
        }
        finally
        {
            if (!isGone)
                instance.Stay();
        }

        return true;
    }

    // What waits for the instance's own webhook goes with it; only this is still delivered.
    private List<IAttachedWrite> Farewell(Instance instance, string? sender)
    {
        var farewell = new List<IAttachedWrite>();
        if (events.Compose(instance, EventNames.InstanceDelete, sender, "", writer => WriteInstance(writer, instance)) is { } deleted)
            farewell.Add(deleted);
        if (events.Compose(instance, EventNames.RemoveInstance, sender, "", writer => writer.WriteNullValue()) is { } removed)
            farewell.Add(removed);
        return farewell;
    }

    private static void WriteInstance(Utf8JsonWriter writer, Instance instance)
    {
        writer.WriteStartObject();
        writer.WriteString("instanceName", instance.Name);
        writer.WriteString("instanceId", instance.Id);
        writer.WriteEndObject();
    }
}
