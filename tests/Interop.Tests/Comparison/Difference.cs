namespace Evolution.Interop.Tests.Comparison;

/// <summary>Something that our client and Baileys do not do alike.</summary>
/// <param name="Phase">What was being done.</param>
/// <param name="Path">Kind of thing and path within.</param>
/// <param name="Ours">Our value; null when we have none.</param>
/// <param name="Theirs">Baileys' value; null when it has none.</param>
internal sealed record Difference(string Phase, string Path, string? Ours, string? Theirs)
{
    /// <summary>All differences of a phase, things of one kind being paired in their order.</summary>
    public static IReadOnlyList<Difference> Between(string phase, IReadOnlyList<Shape> ours, IReadOnlyList<Shape> theirs)
    {
        var found = new List<Difference>();
        foreach (var key in ours.Concat(theirs).Select(shape => shape.Key).Distinct())
        {
            var (left, right) = (ours.Where(shape => shape.Key == key).ToList(), theirs.Where(shape => shape.Key == key).ToList());
            if (left.Count != right.Count)
                found.Add(new Difference(phase, key, $"{left.Count} times", $"{right.Count} times"));
            foreach (var (mine, other) in left.Zip(right))
                Compare(found, phase, key, mine.Facts, other.Facts);
        }

        return found;
    }

    public override string ToString() => $"{Phase}/{Path}: ours {Ours ?? "nothing"}, Baileys {Theirs ?? "nothing"}";

    private static void Compare(List<Difference> found, string phase, string key, IReadOnlyDictionary<string, string> ours, IReadOnlyDictionary<string, string> theirs)
    {
        foreach (var name in ours.Keys.Union(theirs.Keys).Order(StringComparer.Ordinal))
        {
            var (mine, other) = (ours.GetValueOrDefault(name), theirs.GetValueOrDefault(name));
            var same = name.EndsWith("/*", StringComparison.Ordinal) ? SameOrder(mine, other) : mine == other;
            if (!same)
                found.Add(new Difference(phase, $"{key}/{name.TrimStart('/')}", mine, other));
        }
    }

    /// <summary>The order of the children that both have; that one has more of them is told elsewhere.</summary>
    private static bool SameOrder(string? ours, string? theirs)
    {
        if (ours is null || theirs is null)
            return ours == theirs;
        var (mine, other) = (ours.Split(' '), theirs.Split(' '));
        return mine.Where(other.Contains).SequenceEqual(other.Where(mine.Contains));
    }
}
