using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Signal;

namespace Evolution.Client.Messages.Sending;

/// <summary>Builds message stanzas; the order of children is Baileys' (Socket/messages-send.ts, relayMessage).</summary>
internal static class MessageStanza
{
    /// <summary>One device's copy.</summary>
    internal readonly record struct Copy(Jid Device, Ciphertext Ciphertext);

    /// <summary>What follows the copies.</summary>
    internal sealed record Extras(ReadOnlyMemory<byte>? DeviceIdentity = null, Node? Reporting = null, Node? Token = null, Node? Meta = null);

    /// <summary>A message to a person and to our own other devices.</summary>
    public static Node Direct(string id, Jid to, MessageTraits traits, IReadOnlyList<Copy> copies, Extras extras)
    {
        var attributes = new NodeAttributes { { "id", id }, { "to", to }, { "type", traits.Type }, { "edit", traits.Edit } };
        var children = new List<Node>(5);
        if (copies.Count > 0)
            children.Add(new Node("participants", null, [.. copies.Select(copy => To(copy, traits))]));
        AddExtras(children, extras);
        return new Node("message", attributes, children);
    }

    /// <summary>A message under our sender key, and the key for those who lack it.</summary>
    /// <remarks>The hash of the devices is WhatsApp Web's and whatsmeow's (send.go, sendGroup); Baileys computes one but never sends it.</remarks>
    public static Node Group(string id, GroupAudience to, MessageTraits traits, byte[] ciphertext, IReadOnlyList<Copy> copies, Extras extras)
    {
        var attributes = new NodeAttributes
        {
            { "id", id }, { "to", to.Chat }, { "type", traits.Type }, { "addressing_mode", to.Mode }, { "expiration", to.DisappearingSeconds?.ToString() },
            { "phash", to.Hash }, { "edit", traits.Edit },
        };
        var children = new List<Node>(5) { Enc("skmsg", ciphertext, null, traits.MediaType, traits.HideOnFailure) };
        if (copies.Count > 0)
            children.Add(new Node("participants", null, [.. copies.Select(copy => To(copy, traits))]));
        AddExtras(children, extras);
        return new Node("message", attributes, children);
    }

    /// <summary>Whether some device needs our device identity to take its copy.</summary>
    public static bool StartSessions(IEnumerable<Copy> copies) => copies.Any(copy => copy.Ciphertext.Kind == CiphertextKind.PreKeyMessage);

    /// <summary>A message to our own phone that no person sees (requests, key shares).</summary>
    public static Node Peer(string id, Jid phone, Ciphertext ciphertext, ReadOnlyMemory<byte>? deviceIdentity)
    {
        var attributes = new NodeAttributes
        {
            { "id", id }, { "to", phone }, { "type", "text" }, { "category", "peer" }, { "push_priority", "high_force" },
        };
        var children = new List<Node> { Enc(ciphertext, null, null, false) };
        AddExtras(children, new Extras(deviceIdentity, Meta: new Node("meta", new NodeAttributes { { "appdata", "default" } })));
        return new Node("message", attributes, children);
    }

    /// <summary>
    /// The answer to a retry receipt: one copy for the device that asked, under the message's own id. Baileys adds a second encryption
    /// in a participants node; the direct one is what receivers take, so that is all we send.
    /// </summary>
    public static Node Resend(RetryTarget target, MessageTraits traits, Ciphertext ciphertext, int count, ReadOnlyMemory<byte> deviceIdentity)
    {
        var attributes = new NodeAttributes { { "id", target.MessageId }, { "to", target.To }, { "type", traits.Type }, { "edit", traits.Edit } };
        if (target.Participant is { } participant)
            attributes.Add("participant", participant);
        if (target.Recipient is { } recipient)
            attributes.Add("recipient", recipient);
        if (!target.To.IsGroup && !target.To.IsBroadcast)
            attributes.Add("device_fanout", "false");
        var children = new List<Node> { Enc(ciphertext, count, null, false) };
        AddExtras(children, new Extras(deviceIdentity));
        return new Node("message", attributes, children);
    }

    private static Node To(Copy copy, MessageTraits traits) =>
        new("to", new NodeAttributes { { "jid", copy.Device } }, [Enc(copy.Ciphertext, null, traits.MediaType, traits.HideOnFailure)]);

    private static Node Enc(Ciphertext ciphertext, int? count, string? mediaType, bool hideOnFailure) =>
        Enc(ciphertext.Kind == CiphertextKind.PreKeyMessage ? "pkmsg" : "msg", ciphertext.Bytes, count, mediaType, hideOnFailure);

    private static Node Enc(string type, byte[] bytes, int? count, string? mediaType, bool hideOnFailure)
    {
        var attributes = new NodeAttributes
        {
            { "v", "2" },
            { "type", type },
            { "count", count?.ToString() },
            { "mediatype", mediaType },
            { "decrypt-fail", hideOnFailure ? "hide" : null },
        };
        return new Node("enc", attributes, bytes.AsMemory());
    }

    private static void AddExtras(List<Node> children, Extras extras)
    {
        if (extras.DeviceIdentity is { } identity)
            children.Add(new Node("device-identity", null, identity));
        if (extras.Reporting is not null)
            children.Add(extras.Reporting);
        if (extras.Token is not null)
            children.Add(extras.Token);
        if (extras.Meta is not null)
            children.Add(extras.Meta);
    }
}
