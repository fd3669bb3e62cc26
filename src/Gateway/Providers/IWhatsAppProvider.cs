namespace Evolution.Gateway.Providers;

/// <summary>
/// One instance's way to WhatsApp. What it can do are the capability interfaces it implements beside this one (<see cref="ISendsMessages"/>,
/// <see cref="IMarksRead"/>, <see cref="IShowsPresence"/>, <see cref="ILooksUpNumbers"/>, <see cref="IReadsGroups"/>,
/// <see cref="IReadsProfiles"/>); what it can't is absent.
/// Every capability throws <see cref="ProviderException"/> for what WhatsApp refused or what the connection does not allow now, and answers within
/// a limit of its own: it never waits for a connection to come back.
/// </summary>
internal interface IWhatsAppProvider
{
    /// <summary>Who is logged in; null before the first login and after a logout.</summary>
    OwnAccount? Account { get; }
}
