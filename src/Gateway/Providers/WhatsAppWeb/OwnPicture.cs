using Evolution.Gateway.Instances;
using Evolution.Storage.Instances;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>
/// The account's own picture, which clients show beside the instance. It is looked at after each login, since its address is only good for a while;
/// nobody waits for that, so that an event has what was seen before.
/// </summary>
internal sealed class OwnPicture(Instance instance, WhatsAppWebProvider provider, InstanceStore instances, Errands errands)
{
    private volatile string? address = instance.ProfilePicUrl;

    /// <summary>Where it was last seen; null when there is none, or nobody has looked.</summary>
    public string? Address => address;

    /// <summary>To be told of each login once that is stored.</summary>
    public void Look() => errands.Add("look at the account's picture", async cancellationToken =>
    {
        if (provider.Account is not { Phone: var phone })
            return;
        var seen = await FindAsync(phone, cancellationToken);
        if (seen == address || provider.Account?.Phone != phone)
            return;
        await instances.SetPictureAsync(instance.Id, phone.ToString(), seen, cancellationToken);
        address = seen;
    });

    /// <summary>The account is no longer this instance's.</summary>
    public void Forget() => address = null;

    private async Task<string?> FindAsync(Protocol.Jids.Jid phone, CancellationToken cancellationToken)
    {
        try
        {
            return (await provider.FindPictureAsync(phone, cancellationToken))?.AbsoluteUri;
        }
        catch (ProviderException e) when (e.Error == ProviderError.Refused)
        {
            // So says the server where there is none.
            return null;
        }
    }
}
