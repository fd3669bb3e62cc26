using System.Collections.Concurrent;
using System.Security.Cryptography;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Relay;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.Server;

/// <summary>What comes after the handshake: to the pairing desk, or login, activation and the farewell.</summary>
internal sealed class LoginDesk(SimulatedWorld world)
{
    private const int MostPerPage = 1000;

    private readonly ConcurrentDictionary<long, ServerConnection> _connections = new();
    private readonly Lock _gate = new();

    public ICollection<ServerConnection> Connections => _connections.Values;

    public async ValueTask AcceptAsync(ServerConnection connection)
    {
        _connections[connection.Id] = connection;
        var payload = connection.Payload!;
        if (payload.DevicePairingData is not null)
        {
            world.Pairing.Offer(connection);
            return;
        }

        var account = world.Directory.FindNumber(payload.Username.ToString());
        var device = account?.Find((ushort)payload.Device);
        if (device is null || device.Number == 0)
        {
            Refuse(connection, 401, "unknown device");
            return;
        }

        if (!CryptographicOperations.FixedTimeEquals(device.NoiseKey.Span, connection.NoiseKey.Span))
        {
            world.Violations.Report("noise-key-mismatch", "A login used another noise key than the device was linked with.", device.PhoneJid);
            Refuse(connection, 401, "another noise key");
            return;
        }

        ServerConnection? older;
        lock (_gate)
        {
            older = device.Connection;
            connection.Device = device;
            device.Connection = connection;
        }

        older?.Finish(NodeExtensions.StreamError(null, NodeExtensions.Conflict("replaced")), "replaced by a newer connection");
        SimulatorLog.LoggedIn(world.Log, connection.Id, device.Number);
        await TouchAsync(device).ConfigureAwait(false);
        connection.Post(Success(device));
        connection.Post(new Node("ib", new NodeAttributes { { "from", Jid.WhatsAppServer } },
            [new Node("edge_routing", null, [new Node("routing_info", null, RoutingInfo(device))])]));
        if (!payload.Passive)
            Activate(connection);
    }

    /// <summary>Starts the delivery of messages: the waiting ones between the two offline markers, page by page, then live ones.</summary>
    public void Activate(ServerConnection connection)
    {
        if (connection.Active || connection.Device is not { } device)
            return;
        connection.Active = true;
        device.Queue.Attach(connection, new DeliveryQueue.Feed(connection.Wake, world.Mail.Read), Offline);
        device.Activated.TrySetResult();
        if (!device.Bootstrapped)
            world.Background.Run(() => world.PhoneOf(device.Account).Companions.BootstrapAsync(device, world.Stopping));
    }

    /// <summary>Stops the delivery; what is queued waits.</summary>
    public void Deactivate(ServerConnection connection)
    {
        connection.Active = false;
        connection.Device?.Queue.Detach(connection);
    }

    /// <summary>The connection is over.</summary>
    public void Forget(ServerConnection connection)
    {
        _connections.TryRemove(connection.Id, out _);
        world.Pairing.Withdraw(connection);
        if (connection.Device is not { } device)
            return;
        bool last;
        lock (_gate)
        {
            last = ReferenceEquals(device.Connection, connection);
            if (last)
                device.Connection = null;
        }

        Deactivate(connection);
        if (!last)
            return;
        world.Presence.Leave(device);
        if (!device.Removed)
            world.Background.Run(() => TouchAsync(device));
    }

    private async Task TouchAsync(Device device)
    {
        device.LastSeen = world.Time.GetUtcNow();
        var writes = new Writes();
        AccountRows.Save(writes, device);
        await world.Store.CommitAsync(writes).ConfigureAwait(false);
    }

    private void Refuse(ServerConnection connection, int reason, string why)
    {
        SimulatorLog.Refused(world.Log, connection.Id, why);
        connection.Finish(NodeExtensions.Failure(reason), why);
    }

    private Node Success(Device device) => new("success", new NodeAttributes
    {
        { "t", world.UnixNow().ToString() },
        { "props", "27" },
        { "companion_enc_static", Convert.ToBase64String(SHA256.HashData(device.Identity.Span)) },
        { "lid", device.LidJid },
        { "display_name", device.Account.Name },
        { "creation", device.LinkedAt.ToUnixTimeSeconds().ToString() },
        { "abprops", "1" },
        { "group_abprops", "1" },
        { "location", "rva" },
    });

    private static byte[] RoutingInfo(Device device) => [8, 8, (byte)device.Number, 2];

    /// <summary>The client asks for pages of another size.</summary>
    public void SetOfflinePage(ServerConnection connection, long? count)
    {
        if (world.Options.OfflinePage is not null && count is > 0)
            connection.Device?.Queue.SetPage(connection, (int)Math.Min(count.Value, MostPerPage));
    }

    private OfflineRun Offline(IReadOnlyDictionary<string, int> byTag)
    {
        var total = byTag.Values.Sum().ToString();
        var attributes = new NodeAttributes { { "count", total } };
        foreach (var tag in (string[])["message", "receipt", "notification", "appdata", "call"])
            attributes.Add(tag, byTag.GetValueOrDefault(tag).ToString());
        var server = new NodeAttributes { { "from", Jid.WhatsAppServer } };
        var offline = new Node("offline", new NodeAttributes { { "count", total } });
        return new OfflineRun(
            new Node("ib", server, [new Node("offline_preview", attributes)]), new Node("ib", server, [offline]), world.Options.OfflinePage ?? int.MaxValue);
    }
}
