using System.Buffers.Binary;
using Evolution.Client.Messages.Sending;
using Evolution.Client.Stores;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Signal;

namespace Evolution.Client.Messages.Retries;

/// <summary>Builds and reads retry receipts (Baileys Socket/messages-recv.ts, sendRetryRequest and sendMessagesAgain).</summary>
internal static class RetryStanzas
{
    /// <summary>Asks the author to encrypt a message again.</summary>
    /// <param name="message">The message stanza.</param>
    /// <param name="preKey">A fresh one-time key, to send our keys along; null not to.</param>
    public static Node Request(Node message, int count, DeviceCredentials own, PreKey? preKey)
    {
        var id = message["id"]!;
        var attributes = new NodeAttributes
        {
            { "id", id }, { "type", "retry" }, { "to", message["from"]! },
            { "recipient", message["recipient"] }, { "participant", message["participant"] },
        };
        var children = new List<Node>
        {
            new("retry", new NodeAttributes { { "count", count.ToString() }, { "id", id }, { "t", message["t"] }, { "v", "1" }, { "error", "0" } }),
            new("registration", null, BigEndian(own.Identity.RegistrationId, 4)),
        };
        if (preKey is not null)
            children.Add(Keys(own, preKey));
        return new Node("receipt", attributes, children);
    }

    /// <summary>Reads a retry receipt; null when it has no retry node or no sensible count.</summary>
    public static RetryRequest? Read(Node receipt)
    {
        if (receipt["id"] is not { } id || receipt.Child("retry") is not { } retry)
            return null;
        var count = int.TryParse(retry["count"], out var n) && n > 0 ? n : 1;
        var registration = receipt.Child("registration") is { Bytes.Length: 4 } node
            ? BinaryPrimitives.ReadUInt32BigEndian(node.Bytes.Span)
            : (uint?)null;
        return new RetryRequest(id, count, registration, KeyBundles.ReadRetry(receipt));
    }

    private static Node Keys(DeviceCredentials own, PreKey preKey) => new("keys", null,
    [
        new Node("type", null, KeyBundles.Type),
        new Node("identity", null, own.Identity.KeyPair.PublicKey),
        new Node("key", null, [new Node("id", null, BigEndian(preKey.Id, 3)), new Node("value", null, preKey.KeyPair.PublicKey)]),
        new Node("skey", null,
        [
            new Node("id", null, BigEndian(own.SignedPreKey.Id, 3)),
            new Node("value", null, own.SignedPreKey.KeyPair.PublicKey),
            new Node("signature", null, own.SignedPreKey.Signature),
        ]),
        new Node("device-identity", null, own.Account.AsMemory()),
    ]);

    private static ReadOnlyMemory<byte> BigEndian(uint value, int length)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes.AsMemory(4 - length);
    }
}
