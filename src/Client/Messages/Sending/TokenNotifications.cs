using Evolution.Client.Addressing;
using Evolution.Client.Dispatch;
using Evolution.Client.Stores;

namespace Evolution.Client.Messages.Sending;

/// <summary>A peer gave us his trusted-contact token.</summary>
internal sealed class TokenNotifications(MessagingContext context, TrustedContacts tokens) : IStanzaHandler
{
    public string Tag => "notification";

    public string? Type => "privacy_token";

    public async ValueTask HandleAsync(Stanza stanza, DeviceWriteSet writes, CancellationToken ct)
    {
        if (stanza.Node.JidOf("from") is not { IsUser: true } from)
            return;
        var pair = AddressBook.Pair(from, stanza.Node.JidOf("sender_lid"));
        var fresh = await context.Addresses.NewOnesAsync(pair is null ? [] : [pair], writes, ct).ConfigureAwait(false);
        if (fresh.Count > 0)
        {
            await stanza.LockAsync(await context.Addresses.LocksForAsync(fresh, writes, ct).ConfigureAwait(false), ct).ConfigureAwait(false);
            await context.LearnAsync(fresh, writes, ct).ConfigureAwait(false);
        }

        await tokens.KeepAsync(from, ReceivedToken.In(stanza.Node), null, writes, ct).ConfigureAwait(false);
    }
}
