using System.Diagnostics;

namespace Evolution.Client;

/// <summary>An activity for each stanza, so that what it leads to can be told from the rest. It costs nothing while nobody listens.</summary>
internal static class ClientTracing
{
    public static ActivitySource Source { get; } = new(WhatsAppClient.ActivitySourceName);
}
