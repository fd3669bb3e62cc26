using System.Buffers.Binary;
using Evolution.Client.Stores;
using Evolution.Proto;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Protocol.Signal;
using Google.Protobuf;

namespace Evolution.Client.Tests.Messages;

/// <summary>A device at the other end, with keys and a session of its own.</summary>
internal sealed class PeerDevice(Jid jid)
{
    private readonly Dictionary<uint, PreKey> preKeys = [];
    private uint nextPreKey = 1;
    private SessionRecord? session;

    public Jid Jid { get; } = jid;

    public IdentityKeys Identity { get; private set; } = NewIdentity();

    public SignedPreKey SignedPreKey { get; private set; } = null!;

    /// <summary>A user node as the server answers a key request.</summary>
    public Node Bundle(Jid asJid)
    {
        SignedPreKey ??= SignedPreKey.Create(1, Identity.KeyPair);
        var preKey = new PreKey(nextPreKey++, KeyPair.Generate());
        preKeys[preKey.Id] = preKey;
        return new Node("user", new NodeAttributes { { "jid", asJid } },
        [
            new Node("registration", null, Number(Identity.RegistrationId, 4)),
            new Node("type", null, new byte[] { 5 }.AsMemory()),
            new Node("identity", null, Identity.KeyPair.PublicKey),
            new Node("skey", null,
            [
                new Node("id", null, Number(SignedPreKey.Id, 3)),
                new Node("value", null, SignedPreKey.KeyPair.PublicKey),
                new Node("signature", null, SignedPreKey.Signature),
            ]),
            new Node("key", null, [new Node("id", null, Number(preKey.Id, 3)), new Node("value", null, preKey.KeyPair.PublicKey)]),
        ]);
    }

    /// <summary>Begins a session from our device's keys, as the server would hand them out.</summary>
    public void Begin(DeviceCredentials own, PreKey preKey) =>
        session = SessionCipher.Initiate(session, Identity, new PreKeyBundle(
            own.Identity.RegistrationId, own.Identity.KeyPair.PublicKey, own.SignedPreKey.Id, own.SignedPreKey.KeyPair.PublicKey,
            own.SignedPreKey.Signature, preKey.Id, preKey.KeyPair.PublicKey));

    public Node Encrypt(Message message)
    {
        var (record, ciphertext) = SessionCipher.Encrypt(session!, Identity, MessagePadding.Pad(message.ToByteArray()));
        session = record;
        return Enc(ciphertext.Kind == CiphertextKind.PreKeyMessage ? "pkmsg" : "msg", ciphertext.Bytes);
    }

    public static Node Enc(string type, byte[] bytes, int? count = null) =>
        new("enc", new NodeAttributes { { "v", "2" }, { "type", type }, { "count", count?.ToString() } }, bytes.AsMemory());

    public Message Decrypt(Node enc)
    {
        byte[] padded;
        if (enc["type"] == "pkmsg")
        {
            var info = SessionCipher.Inspect(enc.Bytes.Span);
            var preKey = info.PreKeyId is { } id ? preKeys[id] : null;
            (session, padded, _) = SessionCipher.DecryptPreKeyMessage(session, Identity, SignedPreKey, preKey, enc.Bytes.Span);
        }
        else
        {
            (session, padded) = SessionCipher.Decrypt(session!, Identity, enc.Bytes.Span);
        }

        return Message.Parser.ParseFrom(MessagePadding.Unpad(padded).Span);
    }

    /// <summary>The person reinstalls: new keys, no sessions.</summary>
    public void Reinstall()
    {
        Identity = NewIdentity();
        SignedPreKey = SignedPreKey.Create(1, Identity.KeyPair);
        session = null;
        preKeys.Clear();
    }

    public void ForgetSession() => session = null;

    private static IdentityKeys NewIdentity() => new(KeyPair.Generate(), 4711);

    private static ReadOnlyMemory<byte> Number(uint value, int length)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, value);
        return bytes.AsMemory(4 - length);
    }
}
