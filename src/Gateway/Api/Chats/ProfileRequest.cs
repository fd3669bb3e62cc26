using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Gateway.Providers;

namespace Evolution.Gateway.Api.Chats;

/// <summary>What the requests for profiles have in common.</summary>
internal static class ProfileRequest
{
    /// <summary>The body of the requests for one part of a profile.</summary>
    public static Schema Body { get; } = Schema.Object.Properties(("number", Schema.String), ("picture", Schema.String));

    /// <summary>Whose profile is asked for; null where no number is given, which means the own account.</summary>
    public static string? NumberOf(ApiCall call) =>
        call.Body.TextOf("number") is { Length: > 0 } text ? text : call.Body.IntegerOf("number")?.ToString();

    /// <summary>Looks the number up. As in Evolution, the answer has the JID in place of the number as it was written.</summary>
    /// <exception cref="ProviderException">The server could not be asked.</exception>
    public static async Task<Recipient> LookUpAsync(this Recipients recipients, ApiCall call, string number)
    {
        var found = (await recipients.LookUpAsync(call.Instance, [number], call.Aborted))[0];
        return found with { Number = found.Jid?.ToString() ?? number };
    }

    /// <summary>The own account.</summary>
    /// <exception cref="ApiException">400: nobody is logged in.</exception>
    public static OwnAccount Own(this IWhatsAppProvider provider) =>
        provider.Account ?? throw ApiException.BadRequest("Error: Connection Closed: the instance is not linked");
}
