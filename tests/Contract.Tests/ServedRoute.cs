using System.Text.RegularExpressions;

namespace Evolution.Contract.Tests;

/// <summary>A row of <c>docs/compat/routes.md</c>: what is promised of a route.</summary>
/// <param name="Name">Method and path.</param>
/// <param name="Status"><c>done</c>, <c>not yet</c>, or <c>ours</c> for one that Evolution does not have.</param>
internal sealed partial record ServedRoute(string Name, string Status)
{
    public static IReadOnlyList<ServedRoute> All { get; } =
        [.. Row().Matches(File.ReadAllText(System.IO.Path.Combine(AppContext.BaseDirectory, "Data", "routes.md")))
            .Select(row => new ServedRoute(row.Groups["name"].Value, row.Groups["status"].Value))];

    public bool IsServed => Status is "done" or "ours";

    /// <summary>Whether the guards of an instance stand before it.</summary>
    public bool IsOfInstance => Name.EndsWith("/{instanceName}", StringComparison.Ordinal);

    public string Method => Name.Split(' ')[0];

    public string Path => Name.Split(' ')[1];

    [GeneratedRegex(@"^\| (?<name>[A-Z]+ /\S*) \| (?<status>done|not yet|ours) \|", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Row();
}
