using Evolution.Protocol.Nodes;

namespace Evolution.Simulator.Server;

/// <summary>Leads each inbound stanza to the part that knows its tag.</summary>
internal sealed class StanzaRouter(SimulatedWorld world)
{
    public async ValueTask RouteAsync(ServerConnection connection, Node node)
    {
        if (node.Tag == "iq")
        {
            await RouteIqAsync(connection, node).ConfigureAwait(false);
            return;
        }

        if (connection.Device is not { } device)
        {
            await RouteUnpairedAsync(connection, node).ConfigureAwait(false);
            return;
        }

        switch (node.Tag)
        {
            case "message":
                await world.Messages.FromClientAsync(connection, device, node).ConfigureAwait(false);
                break;
            case "receipt":
                await world.Receipts.FromClientAsync(connection, device, node).ConfigureAwait(false);
                break;
            case "ack":
                await world.Receipts.AcknowledgeAsync(connection, device, node).ConfigureAwait(false);
                break;
            case "presence":
                world.Presence.FromClient(connection, device, node);
                break;
            case "chatstate":
                world.Presence.Chatstate(device, node);
                break;
            case "call":
                await world.Calls.FromClientAsync(connection, device, node).ConfigureAwait(false);
                break;
            case "ib":
                // Others only tell of the app's life, such as unified_session.
                if (node.Child("offline_batch") is { } batch)
                    world.Login.SetOfflinePage(connection, batch.LongOf("count"));
                break;
            case "xmlstreamend":
                connection.Finish(null, "the client ended the stream");
                break;
            default:
                world.Violations.Report("unknown-stanza", $"A stanza with the tag {node.Tag} has no meaning here.", device.PhoneJid, node["id"]);
                break;
        }
    }

    private ValueTask RouteUnpairedAsync(ServerConnection connection, Node node)
    {
        // Before pairing a client may only answer the pairing desk and say farewell. A presence goes unheard: asking for a pairing code
        // makes Baileys announce the name that it does not have yet (src/Socket/socket.ts, "creds.update").
        if (node.Tag is "ack" or "ib" or "presence")
            return ValueTask.CompletedTask;
        if (node.Tag == "xmlstreamend")
            connection.Finish(null, "the client ended the stream");
        else
            world.Violations.Report("not-logged-in", $"A {node.Tag} came before the login.", null, node["id"]);
        return ValueTask.CompletedTask;
    }

    private async ValueTask RouteIqAsync(ServerConnection connection, Node iq)
    {
        if (iq["type"] is "result" or "error")
        {
            if (!connection.Complete(iq))
                world.Violations.Report("unasked-result", "An iq result came that nobody waits for.", connection.Device?.PhoneJid, iq["id"]);
            return;
        }

        await world.Iqs.AnswerAsync(connection, iq).ConfigureAwait(false);
    }
}
