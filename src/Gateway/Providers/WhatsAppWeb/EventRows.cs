using System.Text.Json;
using Evolution.Client.Stores;
using Evolution.Gateway.Events;
using Evolution.Gateway.Instances;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>Makes the rows of one instance's events, with the account as their sender.</summary>
internal sealed class EventRows(Instance instance, GatewayEvents events, Func<OwnAccount?> account)
{
    public Instance Instance => instance;

    /// <summary>The event as a list of none or one row, to be put where rows are expected.</summary>
    public IReadOnlyList<IAttachedWrite> Of(string name, string lane, Action<Utf8JsonWriter> data) =>
        events.Compose(instance, name, (account()?.Phone.ToString()) ?? instance.OwnerJid, lane, data) is { } row ? [row] : [];

    /// <summary>An event that belongs to no chat.</summary>
    public IReadOnlyList<IAttachedWrite> Of(string name, Action<Utf8JsonWriter> data) => Of(name, "", data);
}
