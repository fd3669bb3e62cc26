using Evolution.Gateway.Providers;

namespace Evolution.Gateway.Api;

internal static class ProviderCapabilities
{
    /// <summary>The capability of a provider.</summary>
    /// <exception cref="ApiException">400: this way to WhatsApp does not have it.</exception>
    public static T Require<T>(this IWhatsAppProvider provider)
        where T : class =>
        provider as T ?? throw ApiException.BadRequest("Method not available on this channel");
}
