namespace Evolution.Interop.Tests.Matrix;

/// <summary>Where kinds of messages don't go, and why.</summary>
internal static class Places
{
    private static readonly LeftOut s_onlyGroupsMention = new("The contract mentions people in groups alone.", IsTrue: null);
    private static readonly LeftOut s_onlyGroupsHaveAdministrators = new("Only a group has administrators.", IsTrue: null);

    private static readonly LeftOut s_onlyStatuses = new(
        "Only a status has it.",
        () => !ContractBodies.Fields("message.sendText").Intersect(["backgroundColor", "font"]).Any() && ContractBodies.Fields("message.sendStatus").Contains("backgroundColor"));

    private static readonly LeftOut s_noStatus = new(
        "A status is a text, a picture, a video or sound: the contract's sendStatus takes nothing else.",
        () => ContractBodies.Values("message.sendStatus", "type").SequenceEqual(["text", "image", "audio", "video"])
            && ContractBodies.Fields("message.sendStatus").SequenceEqual(["type", "content", "caption", "backgroundColor", "font", "statusJidList", "allContacts"]));

    /// <summary>Everywhere but in statuses.</summary>
    public static IReadOnlyDictionary<Place, LeftOut> InChats { get; } = new Dictionary<Place, LeftOut> { [Place.Status] = s_noStatus };

    /// <summary>In statuses alone.</summary>
    public static IReadOnlyDictionary<Place, LeftOut> InStatuses { get; } = ButIn(Place.Status, s_onlyStatuses);

    /// <summary>What only a group's administrator can do.</summary>
    public static IReadOnlyDictionary<Place, LeftOut> OfAdministrators { get; } = ButIn(Place.Group, s_onlyGroupsHaveAdministrators);

    /// <summary>Where people can be mentioned.</summary>
    public static IReadOnlyDictionary<Place, LeftOut> OfMentions { get; } = ButIn(Place.Group, s_onlyGroupsMention);

    /// <summary>Everywhere but in statuses, where another row is for it.</summary>
    public static IReadOnlyDictionary<Place, LeftOut> InChatsBut(string statusRow) => new Dictionary<Place, LeftOut>
    {
        [Place.Status] = new($"It has a row of its own: {statusRow}.", () => MatrixTable.Rows.Any(row => row.Name == statusRow && !row.NotAt.ContainsKey(Place.Status))),
    };

    private static Dictionary<Place, LeftOut> ButIn(Place only, LeftOut reason) => Enum.GetValues<Place>().Where(place => place != only).ToDictionary(place => place, _ => reason);
}
