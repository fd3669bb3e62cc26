using Evolution.Gateway.Providers;

namespace Evolution.Gateway.EvolutionWire;

/// <summary>The words for presences in requests.</summary>
internal static class PresenceNames
{
    public const string Available = "available";
    public const string Unavailable = "unavailable";

    public static IReadOnlyList<string> All { get; } = [Unavailable, Available, "composing", "recording", "paused"];

    /// <summary>What is done in a chat; null for the two words that are about the account as a whole.</summary>
    public static ChatActivity? ActivityOf(string word) => word switch
    {
        "composing" => ChatActivity.Composing,
        "recording" => ChatActivity.Recording,
        "paused" => ChatActivity.Paused,
        _ => null,
    };
}
