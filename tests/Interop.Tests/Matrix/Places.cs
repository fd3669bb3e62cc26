namespace Evolution.Interop.Tests.Matrix;

/// <summary>Where kinds of messages can't go, and why.</summary>
internal static class Places
{
    private const string OnlyGroups = "Only in a group are people mentioned.";

    public const string OnlyStatuses = "Only a status has it.";

    /// <summary>In groups alone, for what is of no use elsewhere.</summary>
    public static IReadOnlyDictionary<Place, string> InGroups { get; } = new Dictionary<Place, string>
    {
        [Place.Number] = OnlyGroups,
        [Place.Lid] = OnlyGroups,
        [Place.Status] = OnlyGroups,
    };

    /// <summary>Everywhere but in statuses.</summary>
    public static IReadOnlyDictionary<Place, string> InChats { get; } = new Dictionary<Place, string>
    {
        [Place.Status] = "A status is a text, a picture, a video or sound: the contract's sendStatus takes nothing else.",
    };
}
