using Evolution.Client.Connection;
using Evolution.Client.Messages;
using Evolution.Client.Messages.Sending;
using Evolution.Protocol.Jids;

namespace Evolution.Client.Presence;

/// <summary>Shows others whether we are there and what we are doing, and asks to see the same of them.</summary>
public sealed class Presence
{
    private readonly MessagingContext context;
    private readonly TrustedContacts tokens;

    internal Presence(MessagingContext context, TrustedContacts tokens)
    {
        this.context = context;
        this.tokens = tokens;
    }

    /// <summary>Shows in a chat that we type, record or stopped. Others see it for some seconds, and only while we appear online.</summary>
    /// <exception cref="ConnectionLostException">There is no connection.</exception>
    public async Task SendAsync(Jid chat, ChatState state, CancellationToken ct)
    {
        var own = context.Own;
        var from = chat.IsLid && own.Lid is { } lid ? lid : own.Device;
        await context.Channel.SendAsync(PresenceStanzas.Doing(from, chat, state), ct).ConfigureAwait(false);
    }

    /// <summary>Appears online or not. While online, the phone shows no notifications of its own.</summary>
    /// <returns>False when the account has no name yet, without which the server takes no presence.</returns>
    /// <exception cref="ConnectionLostException">There is no connection.</exception>
    public async Task<bool> SetOnlineAsync(bool online, CancellationToken ct)
    {
        if (context.Credentials.PushName is not { Length: > 0 } name)
            return false;
        if (online)
            await context.Channel.SendAsync(ConnectionStanzas.UnifiedSession(context.Clock.Now), ct).ConfigureAwait(false);
        await context.Channel.SendAsync(ConnectionStanzas.Presence(name, online), ct).ConfigureAwait(false);
        context.Account.IsAvailable = online;
        return true;
    }

    /// <summary>Appears online if that is wanted and was not possible before, for want of a name.</summary>
    internal async Task AnnounceAsync(CancellationToken ct)
    {
        if (context.Options.MarkOnlineOnConnect && context.Credentials.PushName is { Length: > 0 } && context.Account.TryAppear())
            await SetOnlineAsync(online: true, ct).ConfigureAwait(false);
    }

    /// <summary>Asks to be told when a person comes online, types or leaves; lasts as long as the connection.</summary>
    /// <exception cref="ConnectionLostException">There is no connection.</exception>
    public async Task SubscribeAsync(Jid user, CancellationToken ct)
    {
        var token = user.IsUser ? await tokens.ValidTokenAsync(user, ct).ConfigureAwait(false) : null;
        var node = PresenceStanzas.Subscribe(context.Channel.NextId(), user, token is null ? null : TokenStanzas.WithTime(token));
        await context.Channel.SendAsync(node, ct).ConfigureAwait(false);
    }
}
