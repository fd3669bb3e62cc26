using Evolution.Client.Stores;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Messages;

/// <summary>Trusted-contact tokens in stanzas.</summary>
internal static class TokenStanzas
{
    /// <summary>A token as what asks about its giver carries it (Baileys Utils/tc-token-utils.ts, buildTcTokenFromJid); messages leave the time out.</summary>
    /// <param name="token">One that has both token and time.</param>
    public static Node WithTime(TrustedContactToken token) =>
        new("tctoken", new NodeAttributes { { "t", token.Timestamp!.Value.ToUnixTimeSeconds().ToString() } }, token.Token.AsMemory());
}
