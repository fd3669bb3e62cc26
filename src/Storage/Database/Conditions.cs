namespace Evolution.Storage.Database;

/// <summary>A WHERE clause put together from constant conditions; values always go as parameters.</summary>
internal sealed class Conditions
{
    private readonly List<string> parts = [];

    public Conditions And(bool applies, string condition)
    {
        if (applies)
            parts.Add(condition);
        return this;
    }

    /// <summary>Empty, or with a leading blank and WHERE.</summary>
    public override string ToString() => parts.Count == 0 ? string.Empty : " WHERE " + string.Join(" AND ", parts);
}
