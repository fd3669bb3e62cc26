using Evolution.Client.Connection;
using Evolution.Client.Messages;
using Evolution.Client.Messages.Sending;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Profiles;

/// <summary>What people and groups show of themselves. Nothing is remembered: each look asks the server.</summary>
public sealed class Profiles
{
    // The server's words for "there is none" and "you may not see it".
    private const int NotFound = 404;
    private const int Unauthorized = 401;

    // A profile is looked at and nobody waits long for it; the server leaves some of these requests unanswered.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(15);

    private readonly MessagingContext context;
    private readonly TrustedContacts tokens;

    internal Profiles(MessagingContext context, TrustedContacts tokens)
    {
        this.context = context;
        this.tokens = tokens;
    }

    /// <summary>Where the picture of a person or group lies for some days, as a JPEG in full size; null when there is none or it is not shown to us.</summary>
    /// <exception cref="IqException">The server refused for another reason.</exception>
    /// <exception cref="ConnectionLostException">There is no connection.</exception>
    /// <exception cref="TimeoutException">No answer within 15 s.</exception>
    public async Task<Uri?> PictureAsync(Jid target, CancellationToken ct)
    {
        var user = target.ToUser();
        var request = new PictureRequest(user, await TokenAsync(user, ct).ConfigureAwait(false));
        try
        {
            return await context.Channel.RequestAsync(request, ct, AnswerLimit).ConfigureAwait(false);
        }
        catch (IqException e) when (e.Code is NotFound or Unauthorized)
        {
            return null;
        }
    }

    /// <summary>A person's about line; null when there is none.</summary>
    /// <exception cref="IqException">The server refused.</exception>
    /// <exception cref="ConnectionLostException">There is no connection.</exception>
    /// <exception cref="TimeoutException">No answer within 15 s.</exception>
    public Task<AboutLine?> AboutAsync(Jid user, CancellationToken ct) =>
        context.Channel.RequestAsync(new AboutRequest(user.ToUser(), context.Channel.NextId()), ct, AnswerLimit);

    /// <summary>What a business shows of itself; null when the account is not one of a business.</summary>
    /// <exception cref="IqException">The server refused.</exception>
    /// <exception cref="ConnectionLostException">There is no connection.</exception>
    /// <exception cref="TimeoutException">No answer within 15 s.</exception>
    public async Task<BusinessProfile?> BusinessAsync(Jid user, CancellationToken ct)
    {
        try
        {
            return await context.Channel.RequestAsync(new BusinessProfileRequest(user.ToUser()), ct, AnswerLimit).ConfigureAwait(false);
        }
        catch (IqException e) when (e.Code == NotFound)
        {
            return null;
        }
    }

    // Some people show their picture only to whom they gave a token.
    private async ValueTask<Node?> TokenAsync(Jid user, CancellationToken ct) =>
        user.IsUser && !context.Own.IsMe(user) && await tokens.ValidTokenAsync(user, ct).ConfigureAwait(false) is { } token ? TokenStanzas.WithTime(token) : null;
}
