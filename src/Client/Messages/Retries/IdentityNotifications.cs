using Evolution.Client.Dispatch;
using Evolution.Client.Messages.Sending;
using Evolution.Client.Stores;
using Evolution.Protocol.Jids;

namespace Evolution.Client.Messages.Retries;

/// <summary>
/// A person has a new phone or reinstalled: all sessions with his devices are of no more use (whatsmeow notification.go,
/// handleEncryptNotification). The next message to him begins new ones; he also gets our token anew.
/// </summary>
internal sealed class IdentityNotifications(MessagingContext context, TrustedContacts tokens) : IStanzaHandler
{
    public string Tag => "notification";

    public string? Type => "encrypt/identity";

    public async ValueTask HandleAsync(Stanza stanza, DeviceWriteSet writes, CancellationToken ct)
    {
        if (stanza.Node.JidOf("from") is not { IsUser: true } from || from.Device != 0 || context.Own.IsMe(from))
            return;

        var reader = new RatchetReader(context.Store, writes);
        var other = await context.Addresses.OtherAsync(from, writes, ct).ConfigureAwait(false);
        var devices = new List<Jid>();
        foreach (var user in new[] { from.ToUser(), other ?? from.ToUser() }.Distinct())
        {
            devices.Add(user);
            devices.AddRange((await reader.FindSessionsAsync(user.SignalName, ct).ConfigureAwait(false)).Select(address => user.WithDevice((ushort)address.Device)));
        }

        await stanza.LockAsync(devices.Select(RatchetKey.Session), ct).ConfigureAwait(false);
        foreach (var address in devices.Select(device => device.ToSignalAddress()).Distinct())
        {
            writes.Sessions[address] = null;
            writes.Identities[address] = null;
        }

        writes.LostSenderKeys.UnionWith(devices);

        writes.DeviceLists[await context.Addresses.CanonicalAsync(from.ToUser(), writes, ct).ConfigureAwait(false)] = null;
        await context.Handler(new IdentityChanged(from.ToUser()), writes, ct).ConfigureAwait(false);
        if (await tokens.ValidIssueAsync(from, ct).ConfigureAwait(false))
            stanza.AfterCommit(_ =>
            {
                tokens.Issue(from.ToUser());
                return ValueTask.CompletedTask;
            });
    }
}
