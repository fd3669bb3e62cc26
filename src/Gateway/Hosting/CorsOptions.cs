namespace Evolution.Gateway.Hosting;

/// <summary>Which web pages may call the API from a browser.</summary>
/// <param name="Origins">Allowed origins; <c>*</c> allows every one.</param>
/// <param name="Methods">Allowed methods.</param>
/// <param name="Credentials">Whether cookies and the like may be sent along.</param>
internal sealed record CorsOptions(IReadOnlyList<string> Origins, IReadOnlyList<string> Methods, bool Credentials)
{
    public bool AllowsAnyOrigin => Origins.Contains("*", StringComparer.Ordinal);
}
