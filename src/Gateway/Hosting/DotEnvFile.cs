namespace Evolution.Gateway.Hosting;

/// <summary>Reads a <c>.env</c> file: <c>NAME=value</c> lines, comments, optional quotes and <c>export</c>.</summary>
internal static class DotEnvFile
{
    /// <summary>The file's settings; empty when there is no file. A name that appears twice has its last value.</summary>
    /// <exception cref="SettingException">The file can't be read.</exception>
    public static IReadOnlyDictionary<string, string> Read(string path)
    {
        if (!File.Exists(path))
            return new Dictionary<string, string>();
        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"{path} can't be read: {e.Message}");
        }
    }

    public static IReadOnlyDictionary<string, string> Parse(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n'))
        {
            var trimmed = line.Trim();
            if (trimmed.StartsWith("export ", StringComparison.Ordinal))
                trimmed = trimmed["export ".Length..].TrimStart();
            var equals = trimmed.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && trimmed[0] != '#')
                values[trimmed[..equals].Trim()] = Value(trimmed[(equals + 1)..].Trim());
        }

        return values;
    }

    private static string Value(string text)
    {
        if (text.Length > 0 && text[0] is '"' or '\'' or '`' && text.IndexOf(text[0], 1) is > 0 and var end)
        {
            var inner = text[1..end];
            return text[0] == '"' ? inner.Replace("\\n", "\n", StringComparison.Ordinal) : inner;
        }

        var comment = text.IndexOf('#', StringComparison.Ordinal);
        return (comment < 0 ? text : text[..comment]).Trim();
    }
}
