using NetArchTest.Rules;
using Xunit;

namespace Evolution.Client.Tests;

public sealed class LayersTests
{
    [Theory]
    [InlineData("Evolution.Client.Connection")]
    [InlineData("Evolution.Client.Dispatch")]
    [InlineData("Evolution.Client.Stores")]
    public void The_lower_layers_know_no_feature(string layer)
    {
        string[] features =
        [
            "Evolution.Client.Pairing", "Evolution.Client.PreKeys", "Evolution.Client.Messages", "Evolution.Client.Addressing",
            "Evolution.Client.Presence", "Evolution.Client.Contacts", "Evolution.Client.AppState", "Evolution.Client.Media", "Evolution.Client.Groups",
        ];
        var result = Types.InAssembly(typeof(WhatsAppClient).Assembly)
            .That().ResideInNamespace(layer)
            .ShouldNot().HaveDependencyOnAny(features)
            .GetResult();
        Assert.True(result.IsSuccessful, string.Join(", ", result.FailingTypes.Select(t => t.FullName)));
    }
}
