using System.Text.RegularExpressions;
using Xunit;

namespace Evolution.Protocol.Tests;

/// <summary>The chapters under docs/protocol name the tests that hold what they say.</summary>
public sealed partial class DocumentationTests
{
    [Fact]
    public void Every_test_named_in_the_protocol_chapters_exists()
    {
        var root = Root();
        var sources = Directory.EnumerateFiles(Path.Combine(root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
            .ToLookup(file => Path.GetFileNameWithoutExtension(file), File.ReadAllText);
        var named = Directory.EnumerateFiles(Path.Combine(root, "docs", "protocol"), "*.md")
            .SelectMany(file => TestName().Matches(File.ReadAllText(file)).Select(match => (File: Path.GetFileName(file), Class: match.Groups["class"].Value, Method: match.Groups["method"].Value)))
            .ToList();

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.True(sources[name.Class].Any(text => text.Contains($" {name.Method}(", StringComparison.Ordinal)), name.ToString()));
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Evolution.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests must run inside the checkout.");
        return folder;
    }

    [GeneratedRegex(@"`(?<class>\w+Tests)\.(?<method>[A-Z]\w*_\w+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex TestName();
}
