using Evolution.Simulator.Server;
using System.Security.Cryptography;
using Evolution.Protocol.Nodes;

namespace Evolution.Simulator.Iq;

/// <summary>Requests that need a polite answer and little else.</summary>
internal sealed class MiscIqs(SimulatedWorld world)
{
    public void AddTo(IqTable table)
    {
        foreach (var child in (string[])["ping", ""])
            table.Add("w:p", "get", child, Plain);
        foreach (var xmlns in (string[])["abt", "w"])
            table.Add(xmlns, "get", "props", Props);
        table.Add("w:m", "set", "media_conn", MediaConnection);
        table.Add("urn:xmpp:whatsapp:dirty", "set", "clean", Plain);
        table.Add("urn:xmpp:whatsapp:push", "set", "config", Plain);
        table.Add("w:stats", "set", "add", Plain);
        table.Add("tos", "get", "request", Plain);
        table.Add("bot", "get", "bot", call => new(call.Iq.Result(new Node("bot", new NodeAttributes { { "v", "2" } }))));
        table.Add("w:mex", "get", "query", call => new(call.Iq.Result(new Node("result", null, "{\"data\":{}}"u8.ToArray()))));
    }

    private static ValueTask<Node?> Plain(IqCall call) => new(call.Iq.Result());

    private static ValueTask<Node?> Props(IqCall call) => new(call.Iq.Result(new Node("props", new NodeAttributes
    {
        { "protocol", "1" }, { "ab_key", "simulator" }, { "hash", "simulator" }, { "refresh", "86400" }, { "refresh_id", "1" },
    })));

    private ValueTask<Node?> MediaConnection(IqCall call) => new(call.Iq.Result(new Node("media_conn", new NodeAttributes
    {
        { "auth", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24)) }, { "ttl", "300" }, { "auth_ttl", "21600" }, { "max_buckets", "12" },
    }, [new Node("host", new NodeAttributes { { "hostname", world.MediaHostName }, { "maxContentLengthBytes", (2L << 30).ToString() } })])));
}
