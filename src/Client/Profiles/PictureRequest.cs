using Evolution.Client.Connection;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Profiles;

/// <summary>
/// Asks for the address of a picture in full size; null when the answer has none. The server refuses with 404 where there is no picture and with 401
/// where we may not see it (Baileys Socket/chats.ts, profilePictureUrl; whatsmeow user.go, GetProfilePictureInfo).
/// </summary>
/// <param name="target">A person or a group.</param>
/// <param name="token">The person's trusted-contact token. Never for our own picture: the server does not answer then.</param>
internal sealed class PictureRequest(Jid target, Node? token) : IqRequest<Uri?>
{
    public override Node Build(string id)
    {
        var wanted = new NodeAttributes { { "type", "image" }, { "query", "url" } };
        return new Node(
            "iq",
            new NodeAttributes { { "id", id }, { "target", target }, { "to", Jid.WhatsAppServer }, { "type", "get" }, { "xmlns", "w:profile:picture" } },
            [token is null ? new Node("picture", wanted) : new Node("picture", wanted, [token])]);
    }

    public override Uri? Read(Node reply) => Uri.TryCreate(reply.Child("picture")?["url"], UriKind.Absolute, out var url) ? url : null;
}
