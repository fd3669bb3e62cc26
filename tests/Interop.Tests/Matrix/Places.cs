namespace Evolution.Interop.Tests.Matrix;

/// <summary>Where kinds of messages can't go, and why.</summary>
internal static class Places
{
    public const string OnlyStatuses = "Only a status has it.";

    /// <summary>Everywhere but in statuses.</summary>
    public static IReadOnlyDictionary<Place, string> InChats { get; } = new Dictionary<Place, string>
    {
        [Place.Status] = "A status is a text, a picture, a video or sound: the contract's sendStatus takes nothing else.",
    };
}
