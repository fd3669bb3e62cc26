using System.Reflection;
using NetArchTest.Rules;
using Xunit;

namespace Evolution.Client.Tests;

public sealed class LayersTests
{
    private const string Root = "Evolution.Client.";
    private static readonly Assembly Client = typeof(WhatsAppClient).Assembly;
    private static readonly string[] Lower = [Root + "Connection", Root + "Dispatch", Root + "Stores"];

    public static TheoryData<string> LowerLayers => [.. Lower];

    [Theory]
    [MemberData(nameof(LowerLayers))]
    public void The_lower_layers_know_no_feature(string layer)
    {
        var features = Client.GetTypes()
            .Select(type => type.Namespace)
            .OfType<string>()
            .Where(name => name.StartsWith(Root, StringComparison.Ordinal) && !Lower.Contains(name))
            .Distinct(StringComparer.Ordinal);
        var result = Types.InAssembly(Client).That().ResideInNamespace(layer).ShouldNot().HaveDependencyOnAny([.. features]).GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypes.Select(type => $"{type.FullName}: {type.Explanation}")));
    }
}
