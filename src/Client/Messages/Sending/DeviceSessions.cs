using System.Security.Cryptography;
using Evolution.Client.Connection;
using Evolution.Client.Stores;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Pairing;
using Evolution.Protocol.Signal;
using Microsoft.Extensions.Logging;

namespace Evolution.Client.Messages.Sending;

/// <summary>Sessions with the devices we send to: asks for the keys of those that have none, begins sessions, encrypts.</summary>
internal sealed class DeviceSessions(MessagingContext context, ILogger<DeviceSessions> log)
{
    // The server refuses very long requests; a hundred devices answer in a second.
    private const int MaxPerRequest = 100;

    /// <summary>
    /// Asks for the keys of those devices that we have no session with and that were not asked for before; null stands for keys the server
    /// does not have. Takes no lock: a session can be gone again when it is to be used (<see cref="UnpreparedAsync"/>).
    /// </summary>
    public async ValueTask PrepareAsync(IReadOnlyCollection<Jid> canonicalDevices, Dictionary<Jid, DeviceBundle?> prepared, CancellationToken ct)
    {
        var missing = await UnpreparedAsync(canonicalDevices, prepared, ct).ConfigureAwait(false);
        var bundles = await FetchAsync(missing, force: false, ct).ConfigureAwait(false);
        foreach (var device in missing)
            prepared[device] = bundles.GetValueOrDefault(device);
    }

    /// <summary>The devices that have no session and whose keys were not asked for.</summary>
    public async ValueTask<IReadOnlyCollection<Jid>> UnpreparedAsync(
        IReadOnlyCollection<Jid> canonicalDevices, IReadOnlyDictionary<Jid, DeviceBundle?> prepared, CancellationToken ct)
    {
        var sessions = await context.Store.LoadSessionsAsync([.. canonicalDevices.Select(device => device.ToSignalAddress())], ct).ConfigureAwait(false);
        return [.. canonicalDevices.Where(device => !sessions.ContainsKey(device.ToSignalAddress()) && !prepared.ContainsKey(device))];
    }

    /// <summary>Key bundles of devices.</summary>
    public async ValueTask<IReadOnlyDictionary<Jid, DeviceBundle>> FetchAsync(IReadOnlyCollection<Jid> canonicalDevices, bool force, CancellationToken ct)
    {
        var bundles = new Dictionary<Jid, DeviceBundle>();
        foreach (var part in canonicalDevices.Chunk(MaxPerRequest))
        {
            foreach (var bundle in await context.Channel.RequestAsync(new KeyBundleRequest(part, force), ct).ConfigureAwait(false))
                bundles[bundle.Device] = bundle;
        }

        return bundles;
    }

    /// <summary>Encrypts for one device, beginning a session with the bundle where there is none; null, and nothing changed, when there is neither. The caller holds the lock.</summary>
    /// <param name="replace">Whether to begin a new session with the bundle even if there is one.</param>
    public async ValueTask<Ciphertext?> EncryptAsync(
        Jid device, DeviceBundle? bundle, bool replace, ReadOnlyMemory<byte> padded, DeviceWriteSet writes, CancellationToken ct)
    {
        var address = device.ToSignalAddress();
        var own = context.Credentials.Identity;
        var session = await new RatchetReader(context.Store, writes).SessionAsync(address, ct).ConfigureAwait(false);
        if (bundle is not null && (replace || session is null))
            session = await BeginAsync(device, session, bundle, own, writes, ct).ConfigureAwait(false) ?? session;
        if (session is null)
        {
            log.NoSession(device.Device);
            return null;
        }

        var (stepped, ciphertext) = SessionCipher.Encrypt(session, own, padded.Span);
        writes.Sessions[address] = stepped.ToBytes();
        return ciphertext;
    }

    private async ValueTask<SessionRecord?> BeginAsync(
        Jid device, SessionRecord? session, DeviceBundle bundle, IdentityKeys own, DeviceWriteSet writes, CancellationToken ct)
    {
        var address = device.ToSignalAddress();
        var reader = new RatchetReader(context.Store, writes);
        var known = await reader.IdentityAsync(address, ct).ConfigureAwait(false);
        var changed = known is not null && !CryptographicOperations.FixedTimeEquals(known, bundle.Keys.IdentityKey.Span);
        try
        {
            // Sessions with a former identity are of no use to the new one.
            var begun = SessionCipher.Initiate(changed ? null : session, own, bundle.Keys);
            await CheckAccountAsync(device, bundle, reader, writes, ct).ConfigureAwait(false);
            if (known is null || changed)
                writes.Identities[address] = bundle.Keys.IdentityKey.ToArray();
            if (changed)
            {
                writes.LostSenderKeys.Add(device);
                await context.Handler(new IdentityChanged(device.ToUser()), writes, ct).ConfigureAwait(false);
            }

            return begun;
        }
        catch (SignalException e)
        {
            log.BadBundle(e.Error, device.Device);
            return null;
        }
    }

    // A companion shows that the account's phone vouches for it. That it does not is told, not punished: other clients don't look at it.
    private async ValueTask CheckAccountAsync(Jid device, DeviceBundle bundle, RatchetReader reader, DeviceWriteSet writes, CancellationToken ct)
    {
        if (device.Device == 0 || device.IsHosted || bundle.DeviceIdentity is not { } signed)
            return;
        var phone = await reader.IdentityAsync(device.WithDevice(0).ToSignalAddress(), ct).ConfigureAwait(false);
        if (phone is null || DeviceIdentity.Verify(signed.Span, bundle.Keys.IdentityKey.Span, phone))
            return;
        log.UnverifiedDevice(device.Device);
        await context.Handler(new DeviceUnverified(device), writes, ct).ConfigureAwait(false);
    }
}
