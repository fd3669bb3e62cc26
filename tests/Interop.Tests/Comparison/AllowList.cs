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
    public bool IsComplete(string phase, IReadOnlyList<Difference> found) => found.All(Allows) && Rows.All(row => row.Sometimes || !row.Covers(phase) || found.Any(row.Fits));

    /// <summary>What rows say and is not so, each with the row: a difference that is gone, in one of its phases or in all, or a phase that there is not.</summary>
    /// <param name="found">Every phase that was compared, with its differences.</param>
    public IEnumerable<string> Stale(IReadOnlyDictionary<string, IReadOnlyList<Difference>> found)
    {
        foreach (var row in Rows)
        {
            foreach (var name in row.Phases.Concat(row.Except).Where(name => !found.Keys.Any(phase => Row.Fits(name, phase))))
                yield return $"{row.Path}: there is no phase {name}";
            var covered = found.Where(phase => row.Covers(phase.Key)).ToLookup(phase => phase.Value.Any(row.Fits), phase => phase.Key);
            if (!covered[true].Any())
                yield return $"{row.Path}: in no phase at all";
            else if (!row.Sometimes && covered[false].Any())
                yield return $"{row.Path}: not in {string.Join("; ", covered[false])}";
        }
    }

    /// <summary>One allowed difference.</summary>
    /// <param name="Phases">Where it is: in each of these, and in no other. As everywhere here, <c>*</c> stands for any text.</param>
    /// <param name="Path">The difference's path.</param>
    /// <param name="Reason">Why we differ.</param>
    /// <param name="Source">A page of ours, or a file of Baileys or whatsmeow.</param>
    internal sealed record Row(IReadOnlyList<string> Phases, string Path, string Reason, string Source)
    {
        /// <summary>Phases that are none of <see cref="Phases"/> after all.</summary>
        public IReadOnlyList<string> Except { get; init; } = [];

        /// <summary>Our value; null for none, <c>*</c> for any.</summary>
        public string? Ours { get; init; }

        /// <summary>Baileys' value; null for none, <c>*</c> for any.</summary>
        public string? Theirs { get; init; }

        /// <summary>Whether the difference comes and goes by chance; any other must be in each of its phases, or its row is out of date.</summary>
        public bool Sometimes { get; init; }

        public bool Covers(string phase) => Phases.Any(name => Fits(name, phase)) && !Except.Any(name => Fits(name, phase));

        public bool Fits(Difference difference) =>
            Covers(difference.Phase) && Fits(Path, difference.Path) && Fits(Ours, difference.Ours) && Fits(Theirs, difference.Theirs);

        public static bool Fits(string? pattern, string? value) => pattern is null || value is null
            ? pattern == value || pattern == "*"
            : Regex.IsMatch(value, $"^{Regex.Escape(pattern).Replace("\\*", ".*", StringComparison.Ordinal)}$", RegexOptions.Singleline, TimeSpan.FromSeconds(1));
    }
}
