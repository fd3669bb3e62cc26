using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Server;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.Relay;

/// <summary>Receipts and acks: they settle what waited for the device, and receipts go on to whom they concern.</summary>
internal sealed class ReceiptRelay(SimulatedWorld world)
{
    public async ValueTask FromClientAsync(ServerConnection connection, Device issuer, Node receipt)
    {
        CheckOnce(connection, issuer, receipt);
        var writes = new Writes();
        if (AckLedger.Answers(receipt["type"]))
            Settle(writes, issuer, receipt);
        Check(issuer, receipt);
        Relay(writes, issuer, receipt);
        var ack = new Node("ack", new NodeAttributes
        {
            { "class", "receipt" }, { "id", receipt["id"] }, { "from", receipt["to"] ?? Jid.WhatsAppServer.ToString() }, { "type", receipt["type"] },
            { "participant", receipt["participant"] }, { "t", world.UnixNow().ToString() },
        });
        writes.AfterCommit(() => connection.Post(ack));
        await world.Store.SubmitAsync(writes).ConfigureAwait(false);
    }

    /// <summary>Queues the receipt for the devices it concerns. Source: Baileys src/Socket/messages-recv.ts, whatsmeow receipt.go.</summary>
    public void Relay(Writes writes, Device issuer, Node receipt)
    {
        var type = receipt["type"];
        switch (type)
        {
            case "peer_msg" or "hist_sync":
                return;
            case "read-self" or "played-self":
                ToOwn(writes, issuer, receipt);
                return;
            case "server-error":
                world.Mail.Deliver(writes, issuer.Account.Primary, Build(issuer, receipt, receipt.JidOf("to")?.IsLid ?? false, null));
                return;
        }

        if (receipt.JidOf("to") is { } chat && (chat.IsGroup || chat.IsStatus))
        {
            RelayInGroup(writes, issuer, receipt, chat);
            return;
        }

        if (receipt.JidOf("to") is not { } to || world.Directory.Find(to) is not { } account)
            return;
        foreach (var device in to.Device != 0 || type is "retry" or "sender" ? Named(account, to) : account.Devices())
        {
            if (device != issuer)
                world.Mail.Deliver(writes, device, Build(issuer, receipt, to.IsLid, account == issuer.Account ? receipt["recipient"] : null));
        }

        if (type is "read" or "played")
            ToOwn(writes, issuer, receipt);
    }

    /// <summary>In a group the receipt names the author; he learns who received or read his message.</summary>
    private void RelayInGroup(Writes writes, Device issuer, Node receipt, Jid chat)
    {
        if (receipt.JidOf("participant") is not { } author || world.Directory.Find(author) is not { } account)
            return;
        var built = Build(issuer, receipt, author.IsLid, null).With("from", chat.ToString()).With("participant", issuer.Jid(author.IsLid).ToString());
        var concerned = author.Device != 0 || receipt["type"] is "retry" or "sender" ? Named(account, author) : account.Devices();
        if (receipt["type"] is "read" or "played")
            concerned = concerned.Union(issuer.Account.Devices());
        foreach (var device in concerned.Where(device => device != issuer))
            world.Mail.Deliver(writes, device, built);
    }

    /// <summary>An ack takes out what it names: first what fits in every respect, else what has left under that id.</summary>
    public async ValueTask AcknowledgeAsync(ServerConnection connection, Device device, Node ack)
    {
        if (ack["id"] is not { } id || ack["class"] is not { } tag)
        {
            world.Violations.Report("bad-ack", "An ack needs an id and a class.", device.PhoneJid, ack["id"]);
            return;
        }

        CheckOnce(connection, device, ack);
        var settled = device.Queue.Settle(id, e => e.Sent && e.Node.Tag == tag && Fits(e.Node, ack));
        if (settled.Count == 0)
            settled = device.Queue.Settle(id, e => e.Sent && e.Node.Tag == tag);
        await ForgetAsync(settled).ConfigureAwait(false);
    }

    private static bool Fits(Node stanza, Node ack) =>
        stanza["from"] == ack["to"] && (ack["type"] is not { } type || type == stanza["type"]) && stanza["participant"] == ack["participant"];

    private async Task ForgetAsync(List<QueuedStanza> settled)
    {
        if (settled.Count == 0)
            return;
        var writes = new Writes();
        foreach (var entry in settled)
            world.Mail.Forget(writes, entry);
        await world.Store.SubmitAsync(writes).ConfigureAwait(false);
    }

    /// <summary>The messages that a receipt is about.</summary>
    public static IEnumerable<string> Ids(Node receipt)
    {
        if (receipt["id"] is { } first)
            yield return first;
        foreach (var item in receipt.Child("list")?.ChildrenOf("item") ?? [])
        {
            if (item["id"] is { } id)
                yield return id;
        }
    }

    private void Settle(Writes writes, Device device, Node receipt)
    {
        foreach (var id in Ids(receipt))
        {
            foreach (var entry in device.Queue.Settle(id, e => e.Sent && e.Node.Tag == "message"))
                world.Mail.Forget(writes, entry);
        }
    }

    private void CheckOnce(ServerConnection connection, Device device, Node answer)
    {
        foreach (var id in connection.Acks.Received(answer))
            world.Violations.Report("acked-twice", $"A stanza was answered again, by a {answer["class"] ?? answer["type"] ?? "delivery"} {answer.Tag}.", device.PhoneJid, id);
    }

    private void Check(Device issuer, Node receipt)
    {
        foreach (var id in Ids(receipt))
        {
            if (!world.KnownIds.Contains(id))
                world.Violations.Report("receipt-unknown-id", $"A {receipt["type"] ?? "delivery"} receipt names a message that never was.", issuer.PhoneJid, id);
        }
    }

    private void ToOwn(Writes writes, Device issuer, Node receipt)
    {
        var lid = receipt.JidOf("to")?.IsLid ?? false;
        foreach (var other in issuer.Account.Devices().Where(d => d != issuer))
            world.Mail.Deliver(writes, other, Build(issuer, receipt, lid, receipt.JidOf("to")?.ToUser().ToString()));
    }

    private static IEnumerable<Device> Named(Account account, Jid to) => account.Find(to.Device) is { } device ? [device] : [];

    private Node Build(Device issuer, Node receipt, bool lid, string? recipient) => new Node("receipt", new NodeAttributes
    {
        { "from", issuer.Jid(lid) },
        { "id", receipt["id"] },
        { "t", receipt["t"] ?? world.UnixNow().ToString() },
        { "type", receipt["type"] == "inactive" ? null : receipt["type"] },
        { "recipient", recipient },
        { "category", receipt["category"] },
    }, receipt.Children);
}
