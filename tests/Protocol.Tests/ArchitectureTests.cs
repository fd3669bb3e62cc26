using System.Reflection;
using Evolution.Protocol.Nodes;
using NetArchTest.Rules;
using Xunit;

namespace Evolution.Protocol.Tests;

/// <summary>Who may know whom within Protocol (docs/architecture.md).</summary>
public sealed class ArchitectureTests
{
    private const string Root = "Evolution.Protocol.";
    private static readonly Assembly Protocol = typeof(Node).Assembly;

    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Jids"] = [],
        ["Crypto"] = [],
        ["Nodes"] = ["Jids"],
        ["Framing"] = [],
        // The stream header is the handshake's prologue.
        ["Noise"] = ["Crypto", "Framing"],
        ["Signal"] = ["Crypto", "Jids"],
        ["AppState"] = ["Crypto", "Jids"],
        ["Media"] = ["Crypto"],
        ["Secrets"] = ["Crypto", "Jids"],
        ["Pairing"] = ["Crypto", "Jids", "Nodes", "Signal"],
    };

    public static TheoryData<string> Folders => [.. Allowed.Keys.Where(folder => Parts().Contains(folder))];

    [Fact]
    public void Every_part_has_its_rule() => Assert.Empty(Parts().Except(Allowed.Keys));

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_part_knows_only_those_below_it(string folder)
    {
        var forbidden = Allowed.Keys.Except(Allowed[folder]).Except([folder]).Select(name => Root + name).ToArray();
        var result = Types.InAssembly(Protocol).That().ResideInNamespace(Root + folder).ShouldNot().HaveDependencyOnAny(forbidden).GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", (result.FailingTypes ?? []).Select(type => $"{type.FullName}: {type.Explanation}")));
    }

    [Fact]
    public void Public_types_are_sealed()
    {
        var open = Protocol.GetExportedTypes().Where(type => type.IsClass && !type.IsSealed).Select(type => type.FullName);
        Assert.Empty(open);
    }

    private static IEnumerable<string> Parts() => Protocol.GetTypes()
        .Select(type => type.Namespace)
        .Where(name => name?.StartsWith(Root, StringComparison.Ordinal) == true)
        .Select(name => name![Root.Length..].Split('.')[0])
        .Distinct(StringComparer.Ordinal);
}
