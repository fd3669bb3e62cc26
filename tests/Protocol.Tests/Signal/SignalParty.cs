using Evolution.Protocol.Crypto;
using Evolution.Protocol.Signal;

namespace Evolution.Protocol.Tests.Signal;

/// <summary>One device with its keys and its record of the other, driven as a client would: keep a record only after success.</summary>
internal sealed class SignalParty
{
    private readonly Dictionary<uint, PreKey> _preKeys = [];
    private readonly Dictionary<uint, SignedPreKey> _signedPreKeys = [];
    private uint _nextId = 1;

    public IdentityKeys Identity { get; } = new(KeyPair.Generate(), 4711);

    public SessionRecord? Record { get; set; }

    public PreKeyBundle Publish(bool withPreKey = true)
    {
        var signed = SignedPreKey.Create(_nextId++, Identity.KeyPair);
        _signedPreKeys[signed.Id] = signed;
        PreKey? preKey = null;
        if (withPreKey)
        {
            preKey = new PreKey(_nextId++, KeyPair.Generate());
            _preKeys[preKey.Id] = preKey;
        }
        return new PreKeyBundle(
            Identity.RegistrationId, Identity.KeyPair.PublicKey, signed.Id, signed.KeyPair.PublicKey, signed.Signature,
            preKey?.Id, preKey?.KeyPair.PublicKey);
    }

    public void Start(PreKeyBundle bundle) => Record = SessionCipher.Initiate(Record, Identity, bundle);

    public Ciphertext Encrypt(ReadOnlySpan<byte> plaintext)
    {
        (Record, var message) = SessionCipher.Encrypt(Record, Identity, plaintext);
        return message;
    }

    public byte[] Decrypt(Ciphertext message)
    {
        byte[] plaintext;
        if (message.Kind == CiphertextKind.Message)
        {
            (Record, plaintext) = SessionCipher.Decrypt(Record, Identity, message.Bytes);
            return plaintext;
        }
        var info = SessionCipher.Inspect(message.Bytes);
        var preKey = info.PreKeyId is { } id ? _preKeys.GetValueOrDefault(id) : null;
        (Record, plaintext, var used) = SessionCipher.DecryptPreKeyMessage(
            Record, Identity, _signedPreKeys.GetValueOrDefault(info.SignedPreKeyId), preKey, message.Bytes);
        if (used)
            _preKeys.Remove(info.PreKeyId!.Value);
        return plaintext;
    }

    public void ForgetSignedPreKeys() => _signedPreKeys.Clear();

    /// <summary>Writes and reads the record, as every restart does.</summary>
    public void Reload() => Record = SessionRecord.Parse(Record!.ToBytes());

    public static (SignalParty Alice, SignalParty Bob) Connected()
    {
        SignalParty alice = new(), bob = new();
        alice.Start(bob.Publish());
        bob.Decrypt(alice.Encrypt([1]));
        alice.Decrypt(bob.Encrypt([2]));
        return (alice, bob);
    }
}
