using Evolution.Protocol.Jids;

namespace Evolution.Client.Messages.Receipts;

/// <summary>Tells authors that their messages were read or played.</summary>
public sealed class Receipts
{
    private readonly MessagingContext context;

    internal Receipts(MessagingContext context) => this.context = context;

    /// <summary>
    /// Marks messages as read. If the account's privacy setting hides that, only our own devices learn of it.
    /// </summary>
    /// <param name="chat">The chat, in the form its messages came with.</param>
    /// <param name="participant">The messages' author, in groups and statuses; null in direct chats.</param>
    /// <param name="ids">The messages' ids, all of that author.</param>
    /// <exception cref="ConnectionLostException">There is no connection.</exception>
    /// <exception cref="IqException">The privacy setting was not known yet and the server refused to tell it.</exception>
    /// <exception cref="TimeoutException">The server did not tell it in time.</exception>
    public Task MarkReadAsync(Jid chat, Jid? participant, IReadOnlyList<string> ids, CancellationToken ct) => SendAsync("read", chat, participant, ids, ct);

    /// <summary>Marks voice messages as played; otherwise as <see cref="MarkReadAsync"/>.</summary>
    /// <exception cref="ConnectionLostException">There is no connection.</exception>
    public Task MarkPlayedAsync(Jid chat, Jid? participant, IReadOnlyList<string> ids, CancellationToken ct) => SendAsync("played", chat, participant, ids, ct);

    private async Task SendAsync(string type, Jid chat, Jid? participant, IReadOnlyList<string> ids, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (ids.Count == 0)
            return;
        var privacy = await context.PrivacyAsync(ct).ConfigureAwait(false);
        var visible = privacy.GetValueOrDefault("readreceipts") == "all";
        var node = ReceiptStanzas.Seen(ids, chat, participant, visible ? type : $"{type}-self", context.Clock.Now);
        await context.Channel.SendAsync(node, ct).ConfigureAwait(false);
    }
}
