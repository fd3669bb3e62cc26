using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Dispatch;

/// <summary>Acknowledgements of incoming stanzas (Baileys, src/Utils/stanza-ack.ts).</summary>
internal static class Acks
{
    /// <summary>The refusal of what could not be handled (Baileys, src/Utils/decode-wa-message.ts, NACK_REASONS).</summary>
    public const int UnhandledError = 500;

    /// <summary>Whether the server keeps delivering a stanza with this tag until it is acknowledged.</summary>
    public static bool AreExpectedFor(Node stanza) => stanza.Tag is "message" or "receipt" or "notification" or "call";

    /// <summary>The ack of a stanza, or its refusal.</summary>
    /// <param name="stanza">What was received.</param>
    /// <param name="ownDevice">The own device, named in acks of messages.</param>
    /// <param name="error">Null for an ack; else why it is refused.</param>
    public static Node Build(Node stanza, Jid? ownDevice, int? error = null)
    {
        var attributes = new NodeAttributes
        {
            { "id", stanza["id"] },
            { "to", stanza["from"] },
            { "class", stanza.Tag },
            { "error", error?.ToString() },
            { "participant", stanza["participant"] },
            { "recipient", stanza["recipient"] },
            { "type", stanza["type"] },
        };
        if (stanza.Tag == "message")
            attributes.Add("from", ownDevice?.ToString());
        return new Node("ack", attributes);
    }
}
