using System.Collections.Concurrent;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Server;

namespace Evolution.Simulator.Relay;

/// <summary>Who is available, who wants to know, who is typing. Nothing of it is queued.</summary>
internal sealed class PresenceRelay(SimulatedWorld world)
{
    private sealed class State
    {
        /// <summary>Subscribed devices, and whether each asked by LID.</summary>
        public readonly ConcurrentDictionary<Device, bool> Subscribers = new();

        public volatile bool PhoneAvailable;

        public DateTimeOffset? LastSeen;
    }

    private readonly ConcurrentDictionary<Account, State> _states = new();

    public void Clear() => _states.Clear();

    public bool IsAvailable(Account account) =>
        Of(account).PhoneAvailable || account.Companions().Any(d => d.Connection is { Available: true });

    public void FromClient(ServerConnection connection, Device device, Node presence)
    {
        switch (presence["type"])
        {
            case "subscribe" when presence.JidOf("to") is { } to && world.Directory.Find(to) is { } target:
                Of(target).Subscribers[device] = to.IsLid;
                Tell(target, device, to.IsLid);
                break;
            case "unsubscribe" when presence.JidOf("to") is { } to && world.Directory.Find(to) is { } target:
                Of(target).Subscribers.TryRemove(device, out _);
                break;
            case null or "available" or "unavailable":
                connection.Available = presence["type"] != "unavailable";
                Changed(device.Account);
                break;
        }
    }

    public void SetPhone(Account account, bool available)
    {
        Of(account).PhoneAvailable = available;
        Changed(account);
    }

    /// <summary>A companion's connection ended.</summary>
    public void Leave(Device device)
    {
        foreach (var state in _states.Values)
            state.Subscribers.TryRemove(device, out _);
        Changed(device.Account);
    }

    public void Chatstate(Device sender, Node node)
    {
        if (node.JidOf("to") is not { } to)
            return;
        if (world.Groups.Find(to) is { } group && group.Has(sender.Account))
        {
            var typing = new Node("chatstate", new NodeAttributes { { "from", to }, { "participant", sender.Account.Jid(group.ByLid) } }, node.Children);
            Show(typing, group.Members().Select(member => member.Key).Where(member => member != sender.Account && !member.HasBlocked(sender.Account)));
        }
        else if (world.Directory.Find(to) is { } target && !target.HasBlocked(sender.Account))
        {
            Show(new Node("chatstate", new NodeAttributes { { "from", sender.Account.Jid(to.IsLid) } }, node.Children), [target]);
        }
    }

    private static void Show(Node chatstate, IEnumerable<Account> people)
    {
        foreach (var device in people.SelectMany(person => person.Companions()))
        {
            if (device.Connection is { Active: true, Available: true } connection)
                connection.Post(chatstate);
        }
    }

    private State Of(Account account) => _states.GetOrAdd(account, _ => new State());

    private void Changed(Account account)
    {
        var state = Of(account);
        if (!IsAvailable(account))
            state.LastSeen = world.Time.GetUtcNow();
        foreach (var (device, lid) in state.Subscribers)
            Tell(account, device, lid);
    }

    private void Tell(Account about, Device subscriber, bool lid)
    {
        if (subscriber.Connection is not { Active: true } connection || about.HasBlocked(subscriber.Account) || about.Settings.HidesPresence)
            return;
        var attributes = new NodeAttributes { { "from", about.Jid(lid) } };
        if (!IsAvailable(about))
        {
            attributes.Add("type", "unavailable");
            attributes.Add("last", !about.Settings.HidesLastSeen && Of(about).LastSeen is { } last ? last.ToUnixTimeSeconds().ToString() : "deny");
        }

        connection.Post(new Node("presence", attributes));
    }
}
