using System.Text.Json;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Signal;

namespace Evolution.Protocol.Tests.Vectors;

/// <summary>One of the two devices of signal-session.json, with its session of the other.</summary>
internal sealed class KnownSignalDevice
{
    private readonly SignedPreKey _signedPreKey;
    private readonly Dictionary<uint, PreKey> _preKeys = [];

    public KnownSignalDevice(JsonElement json)
    {
        Identity = new IdentityKeys(Pair(json.GetProperty("identity")), json.Number("registration_id"));
        var signed = json.GetProperty("signed_pre_key");
        _signedPreKey = new SignedPreKey(signed.Number("id"), Pair(signed), signed.Hex("signature"));
        foreach (var key in json.GetProperty("one_time_pre_keys").EnumerateArray())
            _preKeys[key.Number("id")] = new PreKey(key.Number("id"), Pair(key));
    }

    public IdentityKeys Identity { get; }

    public SessionRecord? Record { get; private set; }

    public PreKeyBundle Publish(uint? preKeyId) => new(
        Identity.RegistrationId, Identity.KeyPair.PublicKey, _signedPreKey.Id, _signedPreKey.KeyPair.PublicKey, _signedPreKey.Signature,
        preKeyId, preKeyId is { } id ? _preKeys[id].KeyPair.PublicKey : default(ReadOnlyMemory<byte>?));

    public void Start(PreKeyBundle bundle, KnownKeys keys) => Keep(SessionCipher.Initiate(Record, Identity, bundle, keys.Next));

    public Ciphertext Encrypt(byte[] plaintext)
    {
        var (record, message) = SessionCipher.Encrypt(Record, Identity, plaintext);
        Keep(record);
        return message;
    }

    public byte[] Decrypt(string type, byte[] wire, KnownKeys keys)
    {
        if (type == "msg")
        {
            var (record, text) = SessionCipher.Decrypt(Record, Identity, wire, keys.Next);
            Keep(record);
            return text;
        }

        var info = SessionCipher.Inspect(wire);
        var preKey = info.PreKeyId is { } id ? _preKeys.GetValueOrDefault(id) : null;
        var (next, plaintext, used) = SessionCipher.DecryptPreKeyMessage(
            Record, Identity, info.SignedPreKeyId == _signedPreKey.Id ? _signedPreKey : null, preKey, wire, keys.Next);
        if (used)
            _preKeys.Remove(info.PreKeyId!.Value);
        Keep(next);
        return plaintext;
    }

    public void Forget() => Record = null;

    public void DeletePreKey(uint id) => _preKeys.Remove(id);

    // Every step is stored and read again, as if the process had been started anew.
    private void Keep(SessionRecord record) => Record = SessionRecord.Parse(record.ToBytes());

    private static KeyPair Pair(JsonElement json) => KeyPair.FromPrivate(json.Hex("private"));
}
