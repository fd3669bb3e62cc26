using Evolution.Client.Connection;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Messages.Sending;

/// <summary>Gives a peer our trusted-contact token; the reply may carry his (Baileys Socket/messages-send.ts, issuePrivacyTokens).</summary>
internal sealed class IssueTokenRequest(Jid user, DateTimeOffset at) : IqRequest<IReadOnlyList<ReceivedToken>>
{
    public override Node Build(string id) => new(
        "iq",
        new NodeAttributes { { "id", id }, { "to", Jid.WhatsAppServer }, { "type", "set" }, { "xmlns", "privacy" } },
        [
            new Node("tokens", null,
            [
                new Node("token", new NodeAttributes { { "jid", user }, { "t", at.ToUnixTimeSeconds().ToString() }, { "type", "trusted_contact" } }),
            ]),
        ]);

    public override IReadOnlyList<ReceivedToken> Read(Node reply) => ReceivedToken.In(reply);
}
