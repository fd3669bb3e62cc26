using Evolution.Gateway.EvolutionWire;

namespace Evolution.Gateway.Api.Instances;

/// <summary>The phone number that a pairing code is asked for.</summary>
internal static class PairingNumber
{
    /// <returns>Digits as they were written (the phone knows its own number better than any rule); null for none.</returns>
    /// <exception cref="ApiException">400: there is no number in the text.</exception>
    public static string? Of(string? number)
    {
        if (string.IsNullOrWhiteSpace(number))
            return null;
        return RecipientNumber.Parse(number) is { IsPhone: true } parsed
            ? RecipientNumber.SpellingsOf(number, parsed)[0].User
            : throw ApiException.BadRequest("number must be the digits of a phone number, with its country code");
    }
}
