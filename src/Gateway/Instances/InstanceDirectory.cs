using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Evolution.Storage.Instances;
using Evolution.Storage.Settings;

namespace Evolution.Gateway.Instances;

/// <summary>
/// The known instances. Every request looks here, so it is memory; the database is always written first. A deleted instance can still be found by its
/// id for as long as its last events may wait.
/// </summary>
internal sealed class InstanceDirectory(InstanceStore instances, SettingsStore settings, WebhookStore webhooks)
{
    private const int MaxDeparted = 1000;

    private readonly ConcurrentDictionary<string, Instance> byName = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Instance> byId = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> departed = new();

    public IReadOnlyCollection<Instance> All => [.. byName.Values.Where(instance => !instance.IsLeaving)];

    public int Count => byName.Count;

    /// <summary>Reads what is stored; once, before the first request.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        foreach (var row in await instances.ListAsync(new InstanceFilter(), cancellationToken))
            await AddAsync(row, cancellationToken);
    }

    public Instance? Find(string name) => byName.GetValueOrDefault(name) is { IsLeaving: false } instance ? instance : null;

    /// <summary>Also finds an instance that was deleted a while ago.</summary>
    public Instance? FindById(string id) => byId.GetValueOrDefault(id);

    /// <summary>Whether there is an instance with this id, also while it is being deleted.</summary>
    public bool Exists(string id) => byId.TryGetValue(id, out var instance) && byName.GetValueOrDefault(instance.Name) == instance;

    /// <summary>Whether the text is the token of any instance.</summary>
    public bool AnyHasToken(string token)
    {
        var wanted = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        var found = false;
        // No early exit: the time must not tell which instance it was.
        foreach (var instance in byName.Values)
            found |= CryptographicOperations.FixedTimeEquals(wanted, SHA256.HashData(Encoding.UTF8.GetBytes(instance.Token)));
        return found;
    }

    /// <summary>Takes up an instance that is stored.</summary>
    public async Task<Instance> AddAsync(InstanceRow row, CancellationToken cancellationToken)
    {
        var webhook = await webhooks.FindAsync(row.Id, cancellationToken);
        var instance = new Instance(
            row,
            await settings.FindAsync(row.Id, cancellationToken) ?? InstanceSettings.Defaults,
            webhook is null ? null : new WebhookSubscription(webhook));
        byId[instance.Id] = instance;
        byName[instance.Name] = instance;
        return instance;
    }

    public void Remove(Instance instance)
    {
        byName.TryRemove(KeyValuePair.Create(instance.Name, instance));
        departed.Enqueue(instance.Id);
        if (departed.Count > MaxDeparted && departed.TryDequeue(out var oldest))
            byId.TryRemove(oldest, out _);
    }
}
