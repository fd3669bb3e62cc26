using System.Text.Json;
using System.Text.RegularExpressions;

namespace Evolution.Interop.Tests.Comparison;

/// <summary>The differences that are meant, each with its reason and where that is written.</summary>
internal sealed class AllowList
{
    private static readonly JsonSerializerOptions s_strict = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };

    private AllowList(IReadOnlyList<Row> rows) => Rows = rows;

    public IReadOnlyList<Row> Rows { get; }

    public static AllowList Load()
    {
        using var file = File.OpenRead(Path.Combine(PeerProcess.RepositoryRoot, "tests", "Interop.Tests", "StanzaAllowList.json"));
        return new AllowList(JsonSerializer.Deserialize<List<Row>>(file, s_strict)!);
    }

    public bool Allows(Difference difference) => Rows.Any(row => row.Fits(difference));

    /// <summary>Whether nothing is found that is not allowed, and everything that is allowed in this phase and does not come by chance.</summary>
    public bool IsComplete(string phase, IReadOnlyList<Difference> found) =>
        found.All(Allows) && Rows.Where(row => !row.Sometimes && row.Path.StartsWith(phase + "/", StringComparison.Ordinal)).All(row => found.Any(row.Fits));

    /// <summary>One allowed difference.</summary>
    /// <param name="Path">The difference's path; <c>*</c> stands for any text.</param>
    /// <param name="Reason">Why we differ.</param>
    /// <param name="Source">A page of ours, or a file of Baileys or whatsmeow.</param>
    internal sealed record Row(string Path, string Reason, string Source)
    {
        /// <summary>Our value; null for none, <c>*</c> for any.</summary>
        public string? Ours { get; init; }

        /// <summary>Baileys' value; null for none, <c>*</c> for any.</summary>
        public string? Theirs { get; init; }

        /// <summary>Whether the difference comes and goes by chance; any other must be there, or its row is out of date.</summary>
        public bool Sometimes { get; init; }

        public bool Fits(Difference difference) => Fits(Path, difference.Path) && Fits(Ours, difference.Ours) && Fits(Theirs, difference.Theirs);

        private static bool Fits(string? pattern, string? value) => pattern is null || value is null
            ? pattern == value || pattern == "*"
            : Regex.IsMatch(value, $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}$", RegexOptions.Singleline, TimeSpan.FromSeconds(1));
    }
}
