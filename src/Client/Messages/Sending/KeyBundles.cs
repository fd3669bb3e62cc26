using System.Buffers.Binary;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Signal;

namespace Evolution.Client.Messages.Sending;

/// <summary>Reads key bundles from replies and retry receipts (Baileys Utils/signal.ts).</summary>
internal static class KeyBundles
{
    private const byte KeyType = 5;
    private const int KeyLength = 32;

    /// <summary>The type byte of Curve25519 keys, as the <c>type</c> node carries it.</summary>
    public static ReadOnlyMemory<byte> Type { get; } = new byte[] { KeyType };

    /// <summary>Reads a <c>user</c> node of the reply to a key request.</summary>
    /// <exception cref="FormatException">A key is missing or of the wrong length.</exception>
    public static DeviceBundle Read(Node user)
    {
        var device = user.JidOf("jid") ?? throw new FormatException("A key bundle without jid.");
        return Read(device, user, user);
    }

    /// <summary>The keys in a retry receipt; null when it has none that can be used.</summary>
    public static DeviceBundle? ReadRetry(Node receipt)
    {
        if (receipt.Child("keys") is not { } keys)
            return null;
        try
        {
            return Read(default, keys, receipt);
        }
        catch (FormatException)
        {
            // Without them the bundle is asked of the server, so nothing is lost.
            return null;
        }
    }

    private static DeviceBundle Read(Jid device, Node keys, Node registrationParent)
    {
        var registration = registrationParent.Child("registration") is { Bytes.Length: 4 } node
            ? BinaryPrimitives.ReadUInt32BigEndian(node.Bytes.Span)
            : throw new FormatException("A key bundle without registration id.");
        var signed = keys.Child("skey") ?? throw new FormatException("A key bundle without signed pre-key.");
        var signature = signed.Child("signature") is { Bytes.Length: 64 } s ? s.Bytes : throw new FormatException("A signed pre-key without signature.");
        var oneTime = keys.Child("key");
        var bundle = new PreKeyBundle(
            registration, Key(keys, "identity"), Id(signed), Key(signed, "value"), signature,
            oneTime is null ? null : Id(oneTime), oneTime is null ? default(ReadOnlyMemory<byte>?) : Key(oneTime, "value"));
        return new DeviceBundle(device, bundle, keys.Child("device-identity") is { Bytes.IsEmpty: false } identity ? identity.Bytes : null);
    }

    private static uint Id(Node parent)
    {
        var id = parent.Child("id")?.Bytes ?? default;
        if (id.Length is 0 or > 4)
            throw new FormatException("A key without id.");
        var value = 0u;
        foreach (var b in id.Span)
            value = (value << 8) | b;
        return value;
    }

    private static ReadOnlyMemory<byte> Key(Node parent, string tag)
    {
        var bytes = parent.Child(tag)?.Bytes ?? default;
        // Some senders put the type byte in front.
        if (bytes.Length == KeyLength + 1 && bytes.Span[0] == KeyType)
            bytes = bytes[1..];
        return bytes.Length == KeyLength ? bytes : throw new FormatException($"A key bundle without {tag}.");
    }
}
