using Evolution.Client.Connection;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Media;

/// <summary>Asks which hosts hold media (Baileys Socket/messages-send.ts, refreshMediaConn).</summary>
internal sealed class MediaHostsRequest : IqRequest<MediaConnection>
{
    // Seconds; the server has always named one.
    private const double DefaultLifetime = 300;

    public override Node Build(string id) => new(
        "iq",
        new NodeAttributes { { "id", id }, { "type", "set" }, { "xmlns", "w:m" }, { "to", Jid.WhatsAppServer } },
        [new Node("media_conn")]);

    public override MediaConnection Read(Node reply)
    {
        var connection = reply.Child("media_conn") ?? throw new FormatException("The answer has no media_conn.");
        var lifetime = uint.TryParse(connection["ttl"], out var seconds) ? seconds : DefaultLifetime;
        return new MediaConnection(
            connection["auth"] ?? "",
            TimeSpan.FromSeconds(lifetime),
            [.. connection.ChildrenOf("host").Select(host => host["hostname"]).OfType<string>()]);
    }
}
