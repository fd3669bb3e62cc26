using Evolution.Client.Stores;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Signal;

namespace Evolution.Storage.Tests.Devices;

/// <summary>Write sets that each change one thing, and one that changes everything.</summary>
public static class DeviceSets
{
    public static readonly Jid Phone = Jid.ForPhone("5511999990001");
    public static readonly Jid Lid = Jid.ForLid("111222333444555");
    public static readonly Jid Group = Jid.Parse("120363000000000001@g.us");
    public static readonly SignalAddress Address = new("111222333444555_1", 3);
    public static readonly SenderKeyName SenderKey = new(Group, Address);
    public static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1_750_000_000);
    public static readonly KeyPair Key = KeyPair.FromPrivate(Enumerable.Repeat((byte)9, 32).ToArray());
    public static readonly RetryKey Retry = new(RetryDirection.Answered, "3EB0AA", Phone.WithDevice(4));

    /// <summary>One set per member of <see cref="DeviceWriteSet"/> that changes the device, by the member's name.</summary>
    public static IReadOnlyDictionary<string, Action<DeviceWriteSet>> ByMember { get; } = new Dictionary<string, Action<DeviceWriteSet>>
    {
        [nameof(DeviceWriteSet.Credentials)] = w => w.Credentials = DeviceCredentials.Create(At) with { Device = Phone.WithDevice(7), PushName = "Ana" },
        [nameof(DeviceWriteSet.Reset)] = w => w.Reset = DeviceReset.Archive,
        [nameof(DeviceWriteSet.Sessions)] = w => w.Sessions[Address] = [1, 2, 3],
        [nameof(DeviceWriteSet.Identities)] = w => w.Identities[Address] = [4, 5, 6],
        [nameof(DeviceWriteSet.AddedPreKeys)] = w => w.AddedPreKeys.Add(new StoredPreKey(new PreKey(5, Key), false)),
        [nameof(DeviceWriteSet.PublishedPreKeys)] = w => w.PublishedPreKeys.Add(5),
        [nameof(DeviceWriteSet.RemovedPreKeys)] = w => w.RemovedPreKeys.Add(6),
        [nameof(DeviceWriteSet.NextPreKeyId)] = w => w.NextPreKeyId = 77,
        [nameof(DeviceWriteSet.SignedPreKeys)] = w => w.SignedPreKeys.Add(SignedPreKey.Create(2, Key)),
        [nameof(DeviceWriteSet.SenderKeys)] = w => w.SenderKeys[SenderKey] = [7, 8],
        [nameof(DeviceWriteSet.SenderKeyRecipients)] = w => w.SenderKeyRecipients[Group] = new HashSet<Jid> { Phone.WithDevice(2), Lid },
        [nameof(DeviceWriteSet.RenewedSenderKeys)] = w => w.RenewedSenderKeys.Add(Group),
        [nameof(DeviceWriteSet.LostSenderKeys)] = w => w.LostSenderKeys.Add(Phone.WithDevice(2)),
        [nameof(DeviceWriteSet.AddressMappings)] = w => w.AddressMappings.Add(new AddressMapping(Phone, Lid)),
        [nameof(DeviceWriteSet.DeviceLists)] = w =>
            w.DeviceLists[Lid] = new DeviceList(Lid, [new DeviceListEntry(0), new DeviceListEntry(3, 12), new DeviceListEntry(99, 4, true)], At, "2:abc"),
        [nameof(DeviceWriteSet.TrustedContactTokens)] = w => w.TrustedContactTokens[Lid] = new TrustedContactToken(Lid, [1, 9], At, null),
        [nameof(DeviceWriteSet.AppStateKeys)] = w => w.AppStateKeys.Add(new AppStateKey([0, 1], [2, 3], [4], At)),
        [nameof(DeviceWriteSet.SentMessages)] = w => w.SentMessages.Add(
            new SentMessage(Phone, "3EB0BB", [10, 11], At, Attributes: new Dictionary<string, string> { ["edit"] = "1" }, Readers: [Lid])),
        [nameof(DeviceWriteSet.AcknowledgedMessages)] = w => w.AcknowledgedMessages.Add(new SentMessageKey(Phone, "3EB0BB")),
        [nameof(DeviceWriteSet.Retries)] = w => w.Retries[Retry] = new RetryState(2, At, [3, 3]),
    };

    /// <summary>Everything but a reset and the removals.</summary>
    public static DeviceWriteSet Everything()
    {
        var writes = new DeviceWriteSet();
        foreach (var (member, change) in ByMember)
        {
            if (member is not (nameof(DeviceWriteSet.Reset) or nameof(DeviceWriteSet.RemovedPreKeys) or nameof(DeviceWriteSet.AcknowledgedMessages)
                or nameof(DeviceWriteSet.PublishedPreKeys)))
            {
                change(writes);
            }
        }

        return writes;
    }

    public static DeviceWriteSet Of(Action<DeviceWriteSet> change)
    {
        var writes = new DeviceWriteSet();
        change(writes);
        return writes;
    }
}
