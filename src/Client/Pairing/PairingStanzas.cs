using Evolution.Client.Connection;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Pairing;

/// <summary>The stanzas of linking a device. Shapes as Baileys, src/Socket/socket.ts and src/Socket/messages-recv.ts.</summary>
internal static class PairingStanzas
{
    /// <summary>The answer to <c>pair-success</c>: our signature under the identity the phone gave us.</summary>
    public static Node Sign(Node pairSuccess, ReadOnlyMemory<byte> identity, uint keyIndex) =>
        ConnectionStanzas.Result(pairSuccess, new Node("pair-device-sign", null,
        [
            new Node("device-identity", new NodeAttributes { { "key-index", keyIndex.ToString() } }, identity),
        ]));

    /// <summary>The refusal of a <c>pair-success</c> (whatsmeow, pair.go, sendPairError).</summary>
    public static Node Refuse(Node pairSuccess, int code, string text)
    {
        var attributes = new NodeAttributes { { "to", pairSuccess["from"] ?? Jid.WhatsAppServer.ToString() }, { "type", "error" }, { "id", pairSuccess["id"] } };
        return new Node("iq", attributes, [new Node("error", new NodeAttributes { { "code", code.ToString() }, { "text", text } })]);
    }

    /// <summary>First stage of linking by code: our wrapped ephemeral key for the phone with this number.</summary>
    public static Node CompanionHello(string id, Jid phone, ReadOnlyMemory<byte> wrappedEphemeral, ReadOnlyMemory<byte> noiseKey, WhatsAppClientOptions options)
    {
        var attributes = new NodeAttributes { { "jid", phone }, { "stage", "companion_hello" }, { "should_show_push_notification", "true" } };
        return ConnectionStanzas.Iq(id, "set", "md", new Node("link_code_companion_reg", attributes,
        [
            new Node("link_code_pairing_wrapped_companion_ephemeral_pub", null, wrappedEphemeral),
            new Node("companion_server_auth_key_pub", null, noiseKey),
            new Node("companion_platform_id", null, CompanionPlatform.ClientType(options.OperatingSystem, options.Browser)),
            new Node("companion_platform_display", null, $"{options.Browser} ({options.OperatingSystem})"),
            new Node("link_code_pairing_nonce", null, "0"),
        ]));
    }

    /// <summary>Last stage of linking by code: the key bundle only the phone can open.</summary>
    public static Node CompanionFinish(string id, Jid phone, ReadOnlyMemory<byte> wrappedBundle, ReadOnlyMemory<byte> identity, ReadOnlyMemory<byte> reference)
    {
        var attributes = new NodeAttributes { { "jid", phone }, { "stage", "companion_finish" } };
        return ConnectionStanzas.Iq(id, "set", "md", new Node("link_code_companion_reg", attributes,
        [
            new Node("link_code_pairing_wrapped_key_bundle", null, wrappedBundle),
            new Node("companion_identity_public", null, identity),
            new Node("link_code_pairing_ref", null, reference),
        ]));
    }
}
