using System.Collections.Concurrent;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Signal;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.Phones;

/// <summary>The private side of a phone: identity, signed pre-key, one-time keys. The public side is its <see cref="Device"/>.</summary>
internal sealed class PhoneKeys
{
    private const int Batch = 30;
    private const int Low = 10;

    private readonly Device _device;
    private readonly ConcurrentDictionary<uint, PreKey> _oneTime = new();
    private uint _nextId;

    public PhoneKeys(Device device, SignedPreKey signedPreKey)
    {
        _device = device;
        SignedPreKey = signedPreKey;
        Identity = new IdentityKeys(device.Account.SigningKey, device.RegistrationId);
    }

    public IdentityKeys Identity { get; private set; }

    public SignedPreKey SignedPreKey { get; private set; }

    /// <summary>Starts over with the account's new identity; nothing of the old keys is left.</summary>
    public void Renew(Writes writes)
    {
        var account = _device.Account;
        _oneTime.Clear();
        _device.PreKeys.Clear();
        AccountRows.DeletePreKeys(writes, _device);
        SignedPreKey = SignedPreKey.Create(SignedPreKey.Id + 1, account.SigningKey);
        Identity = new IdentityKeys(account.SigningKey, _device.RegistrationId);
        _device.Identity = account.SigningKey.PublicKey;
        _device.SignedPreKey = new PublicSignedPreKey(SignedPreKey.Id, SignedPreKey.KeyPair.PublicKey, SignedPreKey.Signature);
        AccountRows.Save(writes, account);
        AccountRows.Save(writes, _device, SignedPreKey.KeyPair.PrivateKey.ToArray());
        Replenish(writes);
    }

    public PreKey? OneTime(uint id) => _oneTime.GetValueOrDefault(id);

    /// <summary>Makes new one-time keys when few are left to hand out.</summary>
    public void Replenish(Writes writes)
    {
        if (_device.PreKeys.Count >= Low)
            return;
        for (var i = 0; i < Batch; i++)
        {
            var key = Make(writes);
            _device.PreKeys.Add(new PublicPreKey(key.Id, key.KeyPair.PublicKey));
        }
    }

    /// <summary>A fresh one-time key that is handed out by the caller, not by the server.</summary>
    public PreKey Make(Writes writes)
    {
        var key = new PreKey(Interlocked.Increment(ref _nextId), KeyPair.Generate());
        _oneTime[key.Id] = key;
        AccountRows.AddPreKey(writes, _device, new PublicPreKey(key.Id, key.KeyPair.PublicKey), key.KeyPair.PrivateKey.ToArray());
        return key;
    }

    public void Use(Writes writes, uint id)
    {
        AccountRows.DeletePreKey(writes, _device, id);
        writes.AfterCommit(() => _oneTime.TryRemove(id, out _));
    }

    public static PhoneKeys Load(SimulatorStore store, Device device)
    {
        var number = device.Account.Number;
        var privateKey = store.Query("SELECT spk_private FROM devices WHERE pn = ?1 AND number = 0", row => row.Bytes(0), number)[0];
        var keys = new PhoneKeys(device, new SignedPreKey(device.SignedPreKey.Id, KeyPair.FromPrivate(privateKey), device.SignedPreKey.Signature));
        store.Query("SELECT id, private FROM prekeys WHERE pn = ?1 AND number = 0", row =>
        {
            var id = (uint)row.GetInt64(0);
            keys._oneTime[id] = new PreKey(id, KeyPair.FromPrivate(row.Bytes(1)));
            keys._nextId = Math.Max(keys._nextId, id);
            return 0;
        }, number);
        return keys;
    }
}
