using Evolution.Client.Profiles;
using Evolution.Protocol.Jids;

namespace Evolution.Gateway.Providers;

/// <summary>Reads what people and groups show of themselves. What they do not show to us is as if it were not there.</summary>
internal interface IReadsProfiles
{
    /// <summary>Where the picture of a person or group lies for some days; null when there is none.</summary>
    Task<Uri?> FindPictureAsync(Jid target, CancellationToken cancellationToken);

    /// <summary>A person's about line, empty when it is not shown; null when there is none.</summary>
    Task<AboutLine?> FindAboutAsync(Jid user, CancellationToken cancellationToken);

    /// <summary>What a business shows; null when the account is a person's.</summary>
    Task<BusinessProfile?> FindBusinessAsync(Jid user, CancellationToken cancellationToken);
}
