using System.Reflection;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Evolution.Benchmarks.HotPaths;
using Xunit;

namespace Evolution.Protocol.Tests;

/// <summary>Bytes allocated by each benchmarked operation, held to benchmarks/budgets.json.</summary>
[Trait("Part", "budgets")]
public sealed class AllocationBudgetTests
{
    // On a busy machine it may take long until the operation runs in its optimised form.
    private const int MostRounds = 100;
    private const int OperationsPerRound = 400;

    private static readonly Dictionary<string, MethodInfo> Operations = typeof(NodeCodec).Assembly.GetTypes()
        .Where(type => type.Namespace == typeof(NodeCodec).Namespace)
        .SelectMany(type => type.GetMethods())
        .Where(method => method.GetCustomAttribute<BenchmarkAttribute>() is not null)
        .ToDictionary(method => $"{method.DeclaringType!.Name}.{method.Name}");

    private static readonly Dictionary<string, long> Budgets = JsonSerializer.Deserialize<Dictionary<string, long>>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "budgets.json")))!;

    public static TheoryData<string> Names => [.. Operations.Keys];

    [Fact]
    public void Every_operation_has_a_budget_and_every_budget_an_operation() => Assert.Equal(Operations.Keys.Order(), Budgets.Keys.Order());

    [Theory]
    [MemberData(nameof(Names))]
    public void An_operation_allocates_no_more_than_its_budget(string name)
    {
        var allocated = Measure(Operations[name], Budgets[name]);
        Assert.True(allocated <= Budgets[name], $"{name} allocates {allocated} bytes, its budget is {Budgets[name]}");
    }

    // The least of several rounds, as many as it takes to get under the budget: what the runtime does on the side only ever adds.
    private static long Measure(MethodInfo method, long budget)
    {
        var operation = Bind(method);
        var least = long.MaxValue;
        for (var round = 0; round < MostRounds && least > budget; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < OperationsPerRound; i++)
                operation();
            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / OperationsPerRound);
        }

        return least;
    }

    private static Action Bind(MethodInfo method)
    {
        var target = Activator.CreateInstance(method.DeclaringType!);
        if (method.ReturnType == typeof(void))
            return method.CreateDelegate<Action>(target);
        if (method.ReturnType == typeof(bool))
        {
            var ask = method.CreateDelegate<Func<bool>>(target);
            return () => ask();
        }

        var make = method.CreateDelegate<Func<object>>(target);
        return () => make();
    }
}
