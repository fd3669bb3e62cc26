using Evolution.Client.Connection;
using Evolution.Client.Stores;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace Evolution.Client.Messages.Sending;

/// <summary>
/// Sends messages. Everything that a message changes here, and what the application wants to keep of it, is committed before the first
/// byte leaves, so that no ratchet key is used twice and no message is forgotten over a crash.
/// </summary>
public sealed class MessageSender
{
    /// <summary>How long a message that the server never acknowledged is sent again after a reconnect.</summary>
    internal static readonly TimeSpan ResendAge = TimeSpan.FromHours(24);

    private const int ResendBatch = 500;

    // The store keeps milliseconds, and no two messages have the same.
    private static readonly TimeSpan OneTick = TimeSpan.FromMilliseconds(1);

    private readonly MessagingContext context;
    private readonly IDelivery direct;
    private readonly IDelivery toGroups;
    private readonly TrustedContacts tokens;
    private readonly ILogger<MessageSender> log;

    private readonly ResendBarrier barrier;
    private readonly WaitingReceipts waiting;
    private readonly SendBatches batches;

    internal MessageSender(MessagingContext context, IDelivery direct, IDelivery toGroups, TrustedContacts tokens, SendBatches batches, ILogger<MessageSender> log)
    {
        this.context = context;
        this.direct = direct;
        this.toGroups = toGroups;
        this.tokens = tokens;
        this.log = log;
        this.batches = batches;
        barrier = batches.Barrier;
        waiting = new WaitingReceipts(context);
    }

    /// <summary>
    /// Sends a message to a person, a group or the readers of a status, and copies of it to our own other devices. Returns when it is stored and written to the connection; the
    /// server's acknowledgement or refusal comes as <see cref="MessageStatusChanged"/>. If the connection breaks in between, the message is
    /// sent again after the reconnect, under the same id.
    /// </summary>
    /// <param name="to">A phone JID or a LID, without device; a group; or <c>status@broadcast</c>, with the readers in the options.</param>
    /// <param name="content">The content; it is not changed. A message secret is added where the kind of message has one.</param>
    /// <returns>Who, where, when, and the message's id.</returns>
    /// <exception cref="UnsupportedRecipientException">The address is that of a broadcast list, a newsletter or the like.</exception>
    /// <exception cref="ConnectionLostException">There is no connection; nothing was stored or sent.</exception>
    /// <exception cref="IqException">The server refused to tell the recipient's devices or keys; nothing was stored or sent.</exception>
    /// <exception cref="TimeoutException">The server did not tell them in time; nothing was stored or sent.</exception>
    /// <exception cref="RecipientUnknownException">
    /// The recipient has no device that could read the message, or we are not in the group; nothing was stored or sent.
    /// </exception>
    /// <exception cref="MessageTooLargeException">It is too long for the connection; nothing was stored or sent.</exception>
    public async Task<MessageInfo> SendAsync(Jid to, Message content, SendOptions? options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(content);
        var chat = to.ToUser();
        if (!chat.IsUser && !chat.IsGroup && !chat.IsStatus)
            throw new UnsupportedRecipientException(to.Server);
        var connection = await PassAsync(ct).ConfigureAwait(false);
        var message = content.Clone();
        ReportingToken.EnsureSecret(message);
        IReadOnlyList<Jid>? readers = chat.IsStatus ? [.. options?.StatusReaders ?? []] : null;
        var sent = new SentMessage(chat, options?.MessageId ?? MessageId.Create(), message.ToByteArray(), context.Time.GetUtcNow(), Readers: readers);
        return await DeliverAsync(sent, message, connection, isResend: false, ct).ConfigureAwait(false);
    }

    /// <summary>A new connection is about to be open: nothing is underway on it yet, and nothing new leaves before <see cref="KeepResendingAsync"/> has begun.</summary>
    internal void Reconnected()
    {
        batches.Forget();
        barrier.Close();
    }

    /// <summary>
    /// Sends what the server never acknowledged, oldest first, and then lets new messages through. Goes on until the connection ends, for a
    /// message that was committed while its connection broke.
    /// </summary>
    internal async Task KeepResendingAsync(CancellationToken ct)
    {
        while (true)
        {
            var leftBehind = barrier.NextLeftBehind();
            try
            {
                await ResendAsync(ct).ConfigureAwait(false);
            }
            finally
            {
                // Also when it failed: whoever waits must learn that there is no connection.
                barrier.Open();
            }

            await leftBehind.WaitAsync(ct).ConfigureAwait(false);
        }
    }

    /// <summary>Sees every stanza, in the order of the wire.</summary>
    internal void Observe(Node node) => waiting.Observe(node);

    /// <summary>
    /// Sends what was committed, but never acknowledged by the server, once more. The receipts that waited come first: what they name did
    /// reach the server, and only its ack was lost.
    /// </summary>
    internal async Task ResendAsync(CancellationToken ct)
    {
        var since = context.Time.GetUtcNow() - ResendAge;
        if (await context.Store.LoadUnacknowledgedAsync(since, 1, ct).ConfigureAwait(false) is { Count: > 0 })
            await waiting.DeliveredAsync(ct).ConfigureAwait(false);
        while (await context.Store.LoadUnacknowledgedAsync(since, ResendBatch, ct).ConfigureAwait(false) is { Count: > 0 } batch)
        {
            foreach (var sent in batch.Where(sent => !batches.IsUnderway(new SentMessageKey(sent.Chat, sent.Id)) && !waiting.Names(sent.Id)))
                await ResendAsync(sent, ct).ConfigureAwait(false);
            since = batch[^1].SentAt + OneTick;
        }
    }

    /// <summary>The server has answered for a message.</summary>
    internal void Answered(SentMessageKey key) => batches.Answered(key);

    /// <summary>A receipt says that the server had these messages, whether or not its acks came. The chat may be named by the other address of its person.</summary>
    internal async ValueTask ArrivedAsync(Jid chat, IEnumerable<string> ids, DeviceWriteSet writes, CancellationToken ct)
    {
        var other = await context.Addresses.OtherAsync(chat, writes, ct).ConfigureAwait(false);
        foreach (var id in ids)
        {
            foreach (var name in other is { } alternative ? [chat, alternative] : new[] { chat })
            {
                var key = new SentMessageKey(name, id);
                Answered(key);
                writes.AcknowledgedMessages.Add(key);
            }
        }
    }

    private async Task ResendAsync(SentMessage sent, CancellationToken ct)
    {
        try
        {
            log.Resending(sent.Id);
            await DeliverAsync(sent, Message.Parser.ParseFrom(sent.Content), barrier.Current, isResend: true, ct).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IqException or RecipientUnknownException or MessageTooLargeException or TimeoutException)
        {
            // The next reconnect tries again; the other messages must not wait for this one.
            log.ResendFailed(e, sent.Id);
        }
    }

    private async ValueTask<long> PassAsync(CancellationToken ct)
    {
        if (!context.Channel.IsOpen)
            throw new ConnectionLostException();
        var connection = await barrier.PassAsync(ct).ConfigureAwait(false);
        return context.Channel.IsOpen ? connection : throw new ConnectionLostException();
    }

    private async Task<MessageInfo> DeliverAsync(SentMessage sent, Message message, long connection, bool isResend, CancellationToken ct)
    {
        if (sent.Content.Length > StanzaSize.Max)
            throw new MessageTooLargeException();
        var delivery = sent.Chat.IsUser ? direct : toGroups;
        var plan = await delivery.PlanAsync(sent.Chat, sent.Readers, ct).ConfigureAwait(false);
        MessageInfo? info;
        do
        {
            await plan.PrepareAsync(ct).ConfigureAwait(false);
            info = await batches.SendAsync(new PendingSend(sent, message, plan, connection, isResend, ct), ct).ConfigureAwait(false);
        }
        while (info is null);

        if (!isResend && sent.Chat.IsUser)
            tokens.IssueAfterSend(sent.Chat, message);
        return info;
    }
}
