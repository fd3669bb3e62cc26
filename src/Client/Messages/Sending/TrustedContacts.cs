using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Evolution.Client.Connection;
using Evolution.Client.Stores;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Messages.Sending;

/// <summary>
/// The tokens by which the server knows that two people want to talk. Each gives the other one; a first message without it may be
/// refused with 463. Where we have none, a token made of the account's salt stands in (whatsmeow cstoken.go).
/// </summary>
internal sealed partial class TrustedContacts(MessagingContext context)
{
    private readonly Lock gate = new();

    // Whom a token is being given to; true asks for another round, whatever the present one finds.
    private readonly Dictionary<Jid, bool> issuing = [];

    /// <summary>The node to attach to a message, or null.</summary>
    public async ValueTask<Node?> AttachmentAsync(Jid chat, CancellationToken ct)
    {
        if (!HasTokens(chat))
            return null;
        if (await ValidTokenAsync(chat, ct).ConfigureAwait(false) is { Token: { } token })
            return new Node("tctoken", null, token.AsMemory());
        var user = await context.Addresses.CanonicalAsync(chat.ToUser(), null, ct).ConfigureAwait(false);
        return context.Credentials.NctSalt is { Length: > 0 } salt && user.IsLid
            ? new Node("cstoken", null, StandIn(salt, user).AsMemory())
            : null;
    }

    /// <summary>What stands in for a token that the user has not given us.</summary>
    internal static byte[] StandIn(ReadOnlySpan<byte> salt, Jid lid) => HMACSHA256.HashData(salt, Encoding.UTF8.GetBytes(lid.ToString()));

    /// <summary>The peer's token, unless there is none or it has expired.</summary>
    public async ValueTask<TrustedContactToken?> ValidTokenAsync(Jid peer, CancellationToken ct)
    {
        var user = await context.Addresses.CanonicalAsync(peer.ToUser(), null, ct).ConfigureAwait(false);
        return await LoadAsync(user, ct).ConfigureAwait(false) is { Token: not null, Timestamp: { } timestamp } token
            && !TokenPeriods.IsExpired(timestamp, context.Time.GetUtcNow())
                ? token
                : null;
    }

    /// <summary>Whether the peer holds a token of ours that is still valid.</summary>
    public async ValueTask<bool> ValidIssueAsync(Jid peer, CancellationToken ct)
    {
        var user = await context.Addresses.CanonicalAsync(peer.ToUser(), null, ct).ConfigureAwait(false);
        return (await LoadAsync(user, ct).ConfigureAwait(false))?.IssuedAt is { } issued && !TokenPeriods.IsExpired(issued, context.Time.GetUtcNow());
    }

    /// <summary>Gives the peer our token if this period's is still due. Protocol messages are no reason to.</summary>
    public void IssueAfterSend(Jid chat, Message message)
    {
        if (MessageContents.Unwrap(message).ProtocolMessage is null && !context.Own.IsMe(chat))
            Start(chat, onlyIfDue: true);
    }

    /// <summary>Gives the peer our token in any case.</summary>
    public void Issue(Jid peer) => Start(peer, onlyIfDue: false);

    /// <summary>Keeps a token a peer gave us, unless we have a newer one.</summary>
    public async ValueTask KeepAsync(Jid peer, IEnumerable<ReceivedToken> received, DateTimeOffset? issuedAt, DeviceWriteSet writes, CancellationToken ct)
    {
        if (!HasTokens(peer))
            return;
        var user = await context.Addresses.CanonicalAsync(peer.ToUser(), writes, ct).ConfigureAwait(false);
        var known = Pending(user, writes) ?? await LoadAsync(user, ct).ConfigureAwait(false) ?? new TrustedContactToken(user, null, null, null);
        var kept = known;
        foreach (var token in received)
        {
            if (kept.Timestamp is not { } timestamp || token.Timestamp >= timestamp)
                kept = kept with { Token = token.Token.ToArray(), Timestamp = token.Timestamp };
        }

        if (issuedAt is { } issued && (kept.IssuedAt is not { } before || issued > before))
            kept = kept with { IssuedAt = issued };
        if (kept != known)
            writes.TrustedContactTokens[user] = kept;
    }

    private void Start(Jid peer, bool onlyIfDue)
    {
        if (!HasTokens(peer))
            return;
        lock (gate)
        {
            if (!issuing.TryAdd(peer, false))
            {
                issuing[peer] |= !onlyIfDue;
                return;
            }
        }

        if (!context.Background.TryRun("give a contact our token", ct => IssueAsync(peer, onlyIfDue, ct)))
            Forget(peer);
    }

    private async Task IssueAsync(Jid peer, bool onlyIfDue, CancellationToken ct)
    {
        try
        {
            do
            {
                await IssueOnceAsync(peer, onlyIfDue, ct).ConfigureAwait(false);
                onlyIfDue = false;
            }
            while (IsAskedAgain(peer));
        }
        catch
        {
            Forget(peer);
            throw;
        }
    }

    // Ends the round in the same step, so that no later wish is lost between the two.
    private bool IsAskedAgain(Jid peer)
    {
        lock (gate)
        {
            if (!issuing[peer])
                return !issuing.Remove(peer);
            issuing[peer] = false;
            return true;
        }
    }

    private void Forget(Jid peer)
    {
        lock (gate)
            issuing.Remove(peer);
    }

    private async Task IssueOnceAsync(Jid peer, bool onlyIfDue, CancellationToken ct)
    {
        var now = context.Time.GetUtcNow();
        var user = await context.Addresses.CanonicalAsync(peer.ToUser(), null, ct).ConfigureAwait(false);
        if (onlyIfDue && await LoadAsync(user, ct).ConfigureAwait(false) is { } known && !TokenPeriods.IsIssueDue(known.IssuedAt, now))
            return;

        // The server wants the phone JID here.
        var target = user.IsLid ? await context.Addresses.OtherAsync(user, null, ct).ConfigureAwait(false) ?? user : user;
        var received = await context.Channel.RequestAsync(new IssueTokenRequest(target, now), ct).ConfigureAwait(false);
        var writes = new DeviceWriteSet();
        await KeepAsync(user, received, now, writes, ct).ConfigureAwait(false);
        await context.CommitAsync(writes).ConfigureAwait(false);
    }

    private static TrustedContactToken? Pending(Jid user, DeviceWriteSet? writes)
    {
        for (; writes is not null; writes = writes.Earlier)
        {
            if (writes.TrustedContactTokens.TryGetValue(user, out var token))
                return token;
        }

        return null;
    }

    private async ValueTask<TrustedContactToken?> LoadAsync(Jid user, CancellationToken ct) =>
        (await context.Store.LoadTrustedContactTokensAsync([user], ct).ConfigureAwait(false)).GetValueOrDefault(user);

    /// <summary>Not WhatsApp's own account and not the bots, which have phone numbers too.</summary>
    private static bool HasTokens(Jid jid) => jid.IsUser && jid.User != "0" && !BotNumber().IsMatch(jid.User);

    [GeneratedRegex("^(1313555[0-9]{4}|131655500[0-9]{2})$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 100)]
    private static partial Regex BotNumber();
}
