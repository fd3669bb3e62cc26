using System.Security.Cryptography;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Server;
using Evolution.Simulator.Store;

namespace Evolution.Simulator.Iq;

/// <summary>Pre-keys: upload, count, digest, hand-out and rotation. Source: Baileys src/Socket/socket.ts, whatsmeow prekeys.go.</summary>
internal sealed class EncryptIqs(SimulatedWorld world)
{
    private const int LowKeys = 5;
    private const uint MaxKeyId = 0xFFFFFF;

    public void AddTo(IqTable table)
    {
        table.Add("encrypt", "get", "count", call => new(call.Iq.Result(new Node("count", new NodeAttributes { { "value", call.Device.PreKeys.Count.ToString() } }))));
        table.Add("encrypt", "set", "registration", UploadAsync);
        table.Add("encrypt", "get", "digest", Digest);
        table.Add("encrypt", "get", "key", FetchAsync);
        table.Add("encrypt", "set", "rotate", RotateAsync);
    }

    private async ValueTask<Node?> UploadAsync(IqCall call)
    {
        var device = call.Device;
        var iq = call.Iq;
        var identity = iq.Child("identity")?.Bytes ?? default;
        if (!identity.Span.SequenceEqual(device.Identity.Span))
            return Refuse(call, "identity-changed", "The uploaded identity is not the one the device was linked with.");
        if (iq.Child("registration") is not { Bytes: { Length: 4 } registration })
            return Refuse(call, "bad-registration", "A registration id has 4 bytes.");
        if (iq.Child("skey") is not { } skey || ReadSignedPreKey(skey, device, call.Iq["id"]) is not { } signedPreKey)
            return Refuse(call, "bad-signed-pre-key", "The signed pre-key is missing or its signature does not hold.");

        var keys = new List<PublicPreKey>();
        foreach (var node in iq.Child("list")?.ChildrenOf("key") ?? [])
        {
            var id = node.Child("id")?.Bytes ?? default;
            var value = node.Child("value")?.Bytes ?? default;
            if (id.Length != 3 || value.Length != 32 || id.BigEndian() is 0 or > MaxKeyId)
                return Refuse(call, "bad-pre-key", "A pre-key has an id of 3 bytes from 1 up and a value of 32 bytes.");
            keys.Add(new PublicPreKey(id.BigEndian(), value));
        }

        var writes = new Writes();
        device.RegistrationId = registration.BigEndian();
        device.SignedPreKey = signedPreKey;
        AccountRows.Save(writes, device);
        foreach (var key in keys)
        {
            if (device.PreKeys.Add(key))
                AccountRows.AddPreKey(writes, device, key);
            else
                world.Violations.Report("pre-key-id-reused", $"Pre-key id {key.Id} was uploaded again while it still waits.", device.PhoneJid, iq["id"]);
        }

        await world.Store.CommitAsync(writes).ConfigureAwait(false);
        return iq.Result();
    }

    private ValueTask<Node?> Digest(IqCall call)
    {
        var device = call.Device;
        var keys = device.PreKeys.Snapshot();
        if (keys.Length == 0)
            return new(call.Iq.Error(404, "item-not-found"));
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(device.Identity.Span);
        hash.AppendData(device.SignedPreKey.Key.Span);
        hash.AppendData(device.SignedPreKey.Signature.Span);
        foreach (var key in keys)
            hash.AppendData(key.Key.Span);
        return new(call.Iq.Result(new Node("digest", null,
        [
            new Node("registration", null, NodeExtensions.BigEndian(device.RegistrationId, 4)),
            new Node("type", null, new byte[] { 5 }),
            new Node("identity", null, device.Identity),
            SignedPreKeyNode(device.SignedPreKey),
            new Node("list", null, [.. keys.Select(key => new Node("id", null, NodeExtensions.BigEndian(key.Id, 3)))]),
            new Node("hash", null, hash.GetHashAndReset()),
        ])));
    }

    private async ValueTask<Node?> FetchAsync(IqCall call)
    {
        var users = new List<Node>();
        var writes = new Writes();
        foreach (var user in call.Body.ChildrenOf("user"))
            users.Add(Bundle(user, writes));
        await world.Store.CommitAsync(writes).ConfigureAwait(false);
        return call.Iq.Result(new Node("list", null, users));
    }

    private async ValueTask<Node?> RotateAsync(IqCall call)
    {
        if (call.Body.Child("skey") is not { } skey || ReadSignedPreKey(skey, call.Device, call.Iq["id"]) is not { } signedPreKey)
            return Refuse(call, "bad-signed-pre-key", "The rotated signed pre-key is missing or its signature does not hold.");
        call.Device.SignedPreKey = signedPreKey;
        var writes = new Writes();
        AccountRows.Save(writes, call.Device);
        await world.Store.CommitAsync(writes).ConfigureAwait(false);
        return call.Iq.Result();
    }

    /// <summary>One device's keys, under the address it was asked by: clients file the session under that.</summary>
    private Node Bundle(Node user, Writes writes)
    {
        var attributes = new NodeAttributes { { "jid", user["jid"] }, { "t", world.UnixNow().ToString() } };
        if (user.JidOf("jid") is not { } jid || world.Directory.FindDevice(jid) is not { } device)
            return new Node("user", attributes, [new Node("error", new NodeAttributes { { "code", "404" }, { "text", "item-not-found" } })]);

        var children = new List<Node>
        {
            new("registration", null, NodeExtensions.BigEndian(device.RegistrationId, 4)),
            new("type", null, new byte[] { 5 }),
            new("identity", null, device.Identity),
            SignedPreKeyNode(device.SignedPreKey),
        };
        if (world.TakePreKey(device, writes) is { } key)
        {
            children.Add(new Node("key", null,
                [new Node("id", null, NodeExtensions.BigEndian(key.Id, 3)), new Node("value", null, key.Key)]));
        }

        if (device.Adv is not null)
            children.Add(new Node("device-identity", null, device.Adv));
        NotifyWhenLow(device, writes);
        return new Node("user", attributes, children);
    }

    private void NotifyWhenLow(Device device, Writes writes)
    {
        var left = device.PreKeys.Count;
        if (device.Number == 0 || left >= LowKeys)
            return;
        world.Mail.Deliver(writes, device, new Node("notification",
            new NodeAttributes { { "from", Jid.WhatsAppServer }, { "type", "encrypt" }, { "id", world.NewStanzaId() }, { "t", world.UnixNow().ToString() } },
            [new Node("count", new NodeAttributes { { "value", left.ToString() } })]));
    }

    private PublicSignedPreKey? ReadSignedPreKey(Node skey, Device device, string? stanzaId)
    {
        var id = skey.Child("id")?.Bytes ?? default;
        var key = skey.Child("value")?.Bytes ?? default;
        var signature = skey.Child("signature")?.Bytes ?? default;
        if (id.Length != 3 || key.Length != 32 || signature.Length != 64)
            return null;
        if (SignedPreKeys.Verify(device.Identity.Span, key.Span, signature.Span))
            return new PublicSignedPreKey(id.BigEndian(), key, signature);
        world.Violations.Report("bad-signature", "A signed pre-key's signature does not hold.", device.PhoneJid, stanzaId);
        return null;
    }

    private Node Refuse(IqCall call, string code, string message)
    {
        world.Violations.Report(code, message, call.Device.PhoneJid, call.Iq["id"]);
        return call.Iq.Error(406, "not-acceptable");
    }

    private static Node SignedPreKeyNode(PublicSignedPreKey key) => new("skey", null,
    [
        new Node("id", null, NodeExtensions.BigEndian(key.Id, 3)),
        new Node("value", null, key.Key),
        new Node("signature", null, key.Signature),
    ]);
}
