using System.Collections.Frozen;

namespace Evolution.Protocol.Nodes;

/// <summary>From a text to its one- or two-byte token.</summary>
internal static class TokenLookup
{
    private static readonly FrozenDictionary<string, ushort>.AlternateLookup<ReadOnlySpan<char>> Map =
        Build().GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The token's index; <paramref name="dictionary"/> is -1 for the single-byte table.</summary>
    internal static bool TryGet(ReadOnlySpan<char> text, out int dictionary, out byte index)
    {
        if (!Map.TryGetValue(text, out var value))
        {
            dictionary = 0;
            index = 0;
            return false;
        }

        dictionary = (value >> 8) - 1;
        index = (byte)value;
        return true;
    }

    private static FrozenDictionary<string, ushort> Build()
    {
        var map = new Dictionary<string, ushort>(1500, StringComparer.Ordinal);
        for (var i = 1; i < Tokens.Single.Length; i++) map.TryAdd(Tokens.Single[i], (ushort)i);
        for (var d = 0; d < Tokens.Double.Length; d++)
            for (var i = 0; i < Tokens.Double[d].Length; i++)
                map.TryAdd(Tokens.Double[d][i], (ushort)(((d + 1) << 8) | i));
        map.Remove("");
        return map.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
