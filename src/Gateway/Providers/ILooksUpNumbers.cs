using Evolution.Protocol.Jids;

namespace Evolution.Gateway.Providers;

/// <summary>Asks WhatsApp which phone numbers have an account.</summary>
internal interface ILooksUpNumbers
{
    /// <returns>
    /// One answer for each of <paramref name="phones"/>, in their order. The found JID is the server's: it may spell the number differently (Brazil,
    /// Mexico, Argentina), and then wins over what was asked.
    /// </returns>
    Task<IReadOnlyList<NumberLookup>> LookUpAsync(IReadOnlyList<Jid> phones, CancellationToken cancellationToken);
}
