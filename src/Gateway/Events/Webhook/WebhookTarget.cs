using System.Collections.Frozen;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.Instances;

namespace Evolution.Gateway.Events.Webhook;

/// <summary>Where one delivery goes and what travels beside its body.</summary>
/// <param name="Url">The address, with the event's name at its end where the receiver wants that.</param>
/// <param name="Headers">The receiver's own headers; they win over ours, but for those that say how a request travels.</param>
/// <param name="JwtKey">Signs an Authorization header made for each attempt; null when none was set.</param>
/// <param name="Secret">Signs the body; null leaves the signature out.</param>
internal sealed record WebhookTarget(string Url, IReadOnlyList<KeyValuePair<string, string>> Headers, string? JwtKey, string? Secret)
{
    /// <summary>Among a subscription's headers: no header, but a key to sign with.</summary>
    public const string JwtKeyHeader = "jwt_key";

    // They say how a request travels, which is not the receiver's to say: with another length or encoding no delivery would arrive.
    private static readonly FrozenSet<string> TransferHeaders = FrozenSet.ToFrozenSet(
        ["Connection", "Content-Encoding", "Content-Length", "Expect", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade"], StringComparer.OrdinalIgnoreCase);

    public static WebhookTarget Of(WebhookSubscription webhook, string eventName)
    {
        string? jwtKey = null;
        var headers = new List<KeyValuePair<string, string>>(webhook.Headers.Count);
        foreach (var header in webhook.Headers)
        {
            if (header.Key == JwtKeyHeader)
                jwtKey = header.Value;
            else if (!TransferHeaders.Contains(header.Key))
                headers.Add(header);
        }

        var url = webhook.Row.WebhookByEvents ? $"{webhook.Url}/{EventNames.AddressSuffixOf(eventName)}" : webhook.Url;
        return new WebhookTarget(url, headers, string.IsNullOrEmpty(jwtKey) ? null : jwtKey, webhook.Row.Secret);
    }

    public static WebhookTarget? Global(WebhookOptions options, string eventName)
    {
        if (options.GlobalUrl is null)
            return null;
        var url = options.GlobalUrl.ToString();
        return new WebhookTarget(
            options.GlobalByEvents ? $"{url.TrimEnd('/')}/{EventNames.AddressSuffixOf(eventName)}" : url, [], null, options.GlobalSigningSecret);
    }
}
