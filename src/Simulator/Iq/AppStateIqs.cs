using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Server;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.Iq;

/// <summary>App-state collections: patches in order, conflicts, news to the other devices. Source: Baileys src/Socket/chats.ts, whatsmeow appstate.go.</summary>
internal sealed class AppStateIqs(SimulatedWorld world)
{
    private const int Page = 50;

    public void AddTo(IqTable table) => table.Add("w:sync:app:state", "set", "sync", AnswerAsync);

    private async ValueTask<Node?> AnswerAsync(IqCall call)
    {
        // One at a time for an account: the version a patch builds on must be the committed one.
        var gate = call.Device.Account.AppStateGate;
        await gate.WaitAsync(call.Connection.Aborted).ConfigureAwait(false);
        try
        {
            var writes = new Writes();
            var answers = call.Body.ChildrenOf("collection").Select(collection => Answer(call.Device, collection, writes)).ToList();
            await world.Store.CommitAsync(writes).ConfigureAwait(false);
            return call.Iq.Result(new Node("sync", null, answers));
        }
        finally
        {
            gate.Release();
        }
    }

    private Node Answer(Device device, Node collection, Writes writes)
    {
        var name = collection["name"] ?? "";
        var account = device.Account;
        var known = collection.LongOf("version") ?? 0;
        var current = world.Store.Query("SELECT coalesce(max(version), 0) FROM app_state WHERE pn = ?1 AND name = ?2", row => row.GetInt64(0), account.Number, name)[0];
        var attributes = new NodeAttributes { { "name", name } };
        if (collection.Child("patch") is not { } patch)
        {
            var patches = world.Store.Query(
                "SELECT version, patch FROM app_state WHERE pn = ?1 AND name = ?2 AND version > ?3 ORDER BY version LIMIT ?4",
                row => (Version: row.GetInt64(0), Patch: row.Bytes(1)), account.Number, name, known, (long)Page);
            var last = patches.Count > 0 ? patches[^1].Version : current;
            attributes.Add("version", last.ToString());
            attributes.Add("has_more_patches", last < current ? "true" : "false");
            return patches.Count == 0
                ? new Node("collection", attributes)
                : new Node("collection", attributes, [new Node("patches", null, [.. patches.Select(p => new Node("patch", null, p.Patch))])]);
        }

        if (known != current)
        {
            attributes.Add("version", current.ToString());
            attributes.Add("type", "error");
            return new Node("collection", attributes, [new Node("error", new NodeAttributes { { "code", "409" }, { "text", "conflict" } })]);
        }

        var version = current + 1;
        writes.Add("INSERT INTO app_state VALUES(?1, ?2, ?3, ?4)", account.Number, name, version, WithVersion(patch.Bytes, version));
        foreach (var other in account.Companions().Where(d => d != device))
        {
            world.Mail.Deliver(writes, other, new Node("notification", new NodeAttributes
            {
                { "from", Jid.WhatsAppServer }, { "type", "server_sync" }, { "id", world.NewStanzaId() }, { "t", world.UnixNow().ToString() },
            }, [new Node("collection", new NodeAttributes { { "name", name }, { "version", version.ToString() } })]));
        }

        attributes.Add("version", version.ToString());
        return new Node("collection", attributes);
    }

    private static byte[] WithVersion(ReadOnlyMemory<byte> patch, long version)
    {
        var parsed = Proto.SyncdPatch.Parser.ParseFrom(patch.Span);
        parsed.Version = new Proto.SyncdVersion { Version = (ulong)version };
        return Google.Protobuf.MessageExtensions.ToByteArray(parsed);
    }
}
