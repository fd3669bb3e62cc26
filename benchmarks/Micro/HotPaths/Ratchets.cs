using BenchmarkDotNet.Attributes;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Signal;

namespace Evolution.Benchmarks.HotPaths;

/// <summary>A text of 64 bytes in an established session and in a group. Records stay as they are, so every round does the same.</summary>
public class Ratchets
{
    private readonly byte[] plaintext = new byte[64];
    private readonly IdentityKeys alice = new(KeyPair.Generate(), 1);
    private readonly IdentityKeys bob = new(KeyPair.Generate(), 2);
    private readonly SessionRecord sending;
    private readonly SessionRecord receiving;
    private readonly byte[] message;
    private readonly SenderKeyRecord groupSending;
    private readonly SenderKeyRecord groupReceiving;
    private readonly byte[] groupMessage;

    public Ratchets()
    {
        var signed = SignedPreKey.Create(1, bob.KeyPair);
        var oneTime = new PreKey(1, KeyPair.Generate());
        var bundle = new PreKeyBundle(
            bob.RegistrationId, bob.KeyPair.PublicKey, signed.Id, signed.KeyPair.PublicKey, signed.Signature, oneTime.Id, oneTime.KeyPair.PublicKey);
        var (started, first) = SessionCipher.Encrypt(SessionCipher.Initiate(null, alice, bundle), alice, plaintext);
        var (answering, _, _) = SessionCipher.DecryptPreKeyMessage(null, bob, signed, oneTime, first.Bytes);
        var (answered, reply) = SessionCipher.Encrypt(answering, bob, plaintext);
        var (settled, _) = SessionCipher.Decrypt(started, alice, reply.Bytes);
        // The first message of a turn moves the ratchet; the one after it is the common case.
        (sending, var turn) = SessionCipher.Encrypt(settled, alice, plaintext);
        (receiving, _) = SessionCipher.Decrypt(answered, bob, turn.Bytes);
        message = SessionCipher.Encrypt(sending, alice, plaintext).Message.Bytes;

        (groupSending, var distribution) = GroupCipher.Create();
        groupReceiving = GroupCipher.Process(null, distribution);
        groupMessage = GroupCipher.Encrypt(groupSending, plaintext).Message;
    }

    [Benchmark]
    public byte[] Encrypt() => SessionCipher.Encrypt(sending, alice, plaintext).Message.Bytes;

    [Benchmark]
    public byte[] Decrypt() => SessionCipher.Decrypt(receiving, bob, message).Plaintext;

    [Benchmark]
    public byte[] GroupEncrypt() => GroupCipher.Encrypt(groupSending, plaintext).Message;

    [Benchmark]
    public byte[] GroupDecrypt() => GroupCipher.Decrypt(groupReceiving, groupMessage).Plaintext;
}
