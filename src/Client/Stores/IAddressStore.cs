using Evolution.Protocol.Jids;

namespace Evolution.Client.Stores;

/// <summary>Who is who: the LID↔phone map, the devices of users, and the tokens that let us write to them. All JIDs are users, without device.</summary>
public interface IAddressStore
{
    /// <summary>The LIDs of the phone JIDs whose LID is known.</summary>
    ValueTask<IReadOnlyDictionary<Jid, Jid>> LoadLidsAsync(IReadOnlyCollection<Jid> phones, CancellationToken ct);

    /// <summary>The phone JIDs of the LIDs whose number is known.</summary>
    ValueTask<IReadOnlyDictionary<Jid, Jid>> LoadPhonesAsync(IReadOnlyCollection<Jid> lids, CancellationToken ct);

    /// <summary>The device lists that are known, by user.</summary>
    ValueTask<IReadOnlyDictionary<Jid, DeviceList>> LoadDeviceListsAsync(IReadOnlyCollection<Jid> users, CancellationToken ct);

    /// <summary>The trusted-contact tokens that are known, by user.</summary>
    ValueTask<IReadOnlyDictionary<Jid, TrustedContactToken>> LoadTrustedContactTokensAsync(IReadOnlyCollection<Jid> users, CancellationToken ct);
}
