using System.Reflection;
using Evolution.Gateway.Hosting;
using NetArchTest.Rules;

namespace Evolution.Gateway.Tests;

/// <summary>Who may know whom within the gateway (docs/architecture.md).</summary>
public sealed class LayersTests
{
    private const string Root = "Evolution.Gateway.";
    private static readonly Assembly Gateway = typeof(GatewayHost).Assembly;

    public static TheoryData<string> Slices => [.. SliceNames()];

    [Theory]
    [MemberData(nameof(Slices))]
    public void A_slice_of_the_API_knows_no_other(string slice) =>
        AssertNone(Types.InAssembly(Gateway).That().ResideInNamespace(slice).ShouldNot().HaveDependencyOnAny([.. SliceNames().Except([slice])]));

    [Fact]
    public void Only_the_sandbox_and_its_command_know_the_simulator() => AssertNone(
        Types.InAssembly(Gateway).That().DoNotResideInNamespace(Root + "Hosting").ShouldNot().HaveDependencyOnAny("Evolution.Simulator"));

    [Fact]
    public void Generated_types_stop_where_messages_are_read_and_written() => AssertNone(
        Types.InAssembly(Gateway)
            .That().DoNotResideInNamespace(Root + "Providers.WhatsAppWeb").And().DoNotResideInNamespace(Root + "EvolutionWire")
            .ShouldNot().HaveDependencyOnAny("Evolution.Proto"));

    [Fact]
    public void No_SQL_is_spoken_here() => AssertNone(
        Types.InAssembly(Gateway).ShouldNot().HaveDependencyOnAny("Microsoft.Data.Sqlite", "Dapper", "FluentMigrator", "System.Data"));

    private static IEnumerable<string> SliceNames() => Gateway.GetTypes()
        .Select(type => type.Namespace)
        .OfType<string>()
        .Where(name => name.StartsWith(Root + "Api.", StringComparison.Ordinal))
        .Distinct(StringComparer.Ordinal);

    private static void AssertNone(ConditionList condition)
    {
        var result = condition.GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", (result.FailingTypes ?? []).Select(type => $"{type.FullName}: {type.Explanation}")));
    }
}
