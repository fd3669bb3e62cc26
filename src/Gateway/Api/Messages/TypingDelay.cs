using Evolution.Gateway.Providers;
using Evolution.Gateway.Providers.Outgoing;

namespace Evolution.Gateway.Api.Messages;

/// <summary>The <c>delay</c> option: the account is seen typing, or recording a voice note, for a while before the message goes out.</summary>
internal sealed class TypingDelay(TimeProvider time)
{
    // Phones stop showing "typing…" after about 25 s, so a long wait shows it again and again.
    private static readonly TimeSpan Slice = TimeSpan.FromSeconds(20);

    /// <param name="provider">The way to the chat.</param>
    /// <param name="message">What will be sent.</param>
    /// <param name="milliseconds">0 or less: nothing is shown and nothing waited for.</param>
    public async Task ShowAsync(IWhatsAppProvider provider, OutgoingMessage message, long milliseconds, CancellationToken cancellationToken)
    {
        if (milliseconds <= 0)
            return;
        var chat = message.To;
        var activity = message.Content is OutgoingMedia { Kind: OutgoingMediaKind.Voice } ? ChatActivity.Recording : ChatActivity.Composing;
        var presence = provider as IShowsPresence;
        if (presence is not null && chat.IsUser)
            await presence.SubscribeAsync(chat, cancellationToken);
        for (var left = TimeSpan.FromMilliseconds(Math.Min(milliseconds, int.MaxValue)); left > TimeSpan.Zero; left -= Slice)
        {
            if (presence is not null)
                await presence.ShowActivityAsync(chat, activity, cancellationToken);
            await Task.Delay(left < Slice ? left : Slice, time, cancellationToken);
            if (presence is not null)
                await presence.ShowActivityAsync(chat, ChatActivity.Paused, cancellationToken);
        }
    }
}
