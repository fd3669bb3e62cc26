using System.Buffers.Binary;
using System.Security.Cryptography;
using Evolution.Client.Connection;
using Evolution.Client.Stores;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Signal;

namespace Evolution.Client.PreKeys;

/// <summary>The stanzas that publish our keys. Shapes as Baileys, src/Utils/signal.ts and src/Socket/socket.ts.</summary>
internal static class PreKeyStanzas
{
    /// <summary>The key type of Curve25519, Signal's DJB_TYPE.</summary>
    public static readonly byte[] KeyType = [5];

    public static Node Count(string id) => ConnectionStanzas.Iq(id, "get", "encrypt", new Node("count"));

    public static Node Digest(string id) => ConnectionStanzas.Iq(id, "get", "encrypt", new Node("digest"));

    public static Node Rotate(string id, SignedPreKey key) =>
        ConnectionStanzas.Iq(id, "set", "encrypt", new Node("rotate", null, [SignedKey(key)]));

    public static Node Upload(string id, DeviceCredentials credentials, IEnumerable<PreKey> keys)
    {
        var attributes = new NodeAttributes { { "xmlns", "encrypt" }, { "type", "set" }, { "to", Protocol.Jids.Jid.WhatsAppServer }, { "id", id } };
        return new Node("iq", attributes,
        [
            new Node("registration", null, Bytes(credentials.Identity.RegistrationId, 4)),
            new Node("type", null, KeyType),
            new Node("identity", null, credentials.Identity.KeyPair.PublicKey),
            new Node("list", null, [.. keys.Select(OneTimeKey)]),
            SignedKey(credentials.SignedPreKey),
        ]);
    }

    public static Node OneTimeKey(PreKey key) => new("key", null,
    [
        new Node("id", null, Bytes(key.Id, 3)),
        new Node("value", null, key.KeyPair.PublicKey),
    ]);

    public static Node SignedKey(SignedPreKey key) => new("skey", null,
    [
        new Node("id", null, Bytes(key.Id, 3)),
        new Node("value", null, key.KeyPair.PublicKey),
        new Node("signature", null, key.Signature),
    ]);

    /// <summary>What the server holds of us, or null when it answered without a digest.</summary>
    public static PreKeyDigest? ReadDigest(Node reply)
    {
        if (reply.Child("digest") is not { } digest || digest.Child("skey") is not { } signed)
            return null;
        return new PreKeyDigest(
            Number(digest.Child("registration")),
            digest.Child("identity")?.Bytes ?? default,
            Number(signed.Child("id")),
            signed.Child("value")?.Bytes ?? default,
            [.. (digest.Child("list")?.ChildrenOf("id") ?? []).Select(Number)],
            digest.Child("hash")?.Bytes ?? default);
    }

    /// <summary>SHA-1 over identity, signed pre-key, its signature and the listed one-time keys, as the server makes it.</summary>
    public static byte[] Hash(DeviceCredentials credentials, IEnumerable<PreKey> listed)
    {
        using var sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        sha.AppendData(credentials.Identity.KeyPair.PublicKey.Span);
        sha.AppendData(credentials.SignedPreKey.KeyPair.PublicKey.Span);
        sha.AppendData(credentials.SignedPreKey.Signature.Span);
        foreach (var key in listed)
            sha.AppendData(key.KeyPair.PublicKey.Span);
        return sha.GetHashAndReset();
    }

    private static uint Number(Node? node)
    {
        uint value = 0;
        foreach (var b in node is null ? default : node.Bytes.Span)
            value = (value << 8) | b;
        return value;
    }

    public static byte[] Bytes(uint value, int length)
    {
        var all = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(all, value);
        return all[(4 - length)..];
    }
}
