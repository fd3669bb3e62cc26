using System.Text.Json.Nodes;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.Tests.Support;

namespace Evolution.Gateway.Tests.EvolutionWire;

/// <summary>The written-down bodies of events, and what holds ours to them.</summary>
public sealed class EventShapesTests
{
    private const string Good = """
        {
          "event": "chats.update", "instance": "sales",
          "data": [{ "remoteJid": "5511999990002@s.whatsapp.net", "instanceId": "5b0c9f0e-0c55-4f6e-9a36-0b6a2d0f3c11" }],
          "destination": "http://127.0.0.1/hook", "date_time": "2026-01-31T12:00:00.000Z", "sender": "5511999990001@s.whatsapp.net", "apikey": null
        }
        """;

    [Fact]
    public void A_body_as_it_is_written_down_differs_in_nothing() => Assert.Empty(EventShapes.DifferencesOf(Body(Good)));

    [Theory]
    [InlineData("\"instance\": \"sales\",", "", ".instance is missing")]
    [InlineData("\"apikey\": null", "\"apikey\": null, \"more\": 1", ".more is not written down")]
    [InlineData("\"apikey\": null", "\"apikey\": 1", ".apikey is 1, not string | null")]
    [InlineData("12:00:00.000Z", "12:00:00Z", ".date_time is")]
    [InlineData("5511999990001@s.whatsapp.net", "5511999990001:3@s.whatsapp.net", ".sender is")]
    [InlineData("\"remoteJid\"", "\"jid\"", "data[0].remoteJid is missing")]
    [InlineData("-0b6a2d0f3c11\"", "-0b6a2d0f3c11\", \"name\": null", "data[0].name is not written down")]
    [InlineData("5b0c9f0e-0c55-4f6e-9a36-0b6a2d0f3c11", "1", "data[0].instanceId is")]
    [InlineData("chats.update", "chats.updated", "chats.updated is no event")]
    public void A_body_that_differs_is_found_out(string part, string other, string difference) =>
        Assert.Contains(EventShapes.DifferencesOf(Body(Good.Replace(part, other, StringComparison.Ordinal))), found => found.Contains(difference, StringComparison.Ordinal));

    [Fact]
    public void Every_event_there_is_has_its_body_written_down()
    {
        var names = typeof(EventNames).GetFields(System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.Static)
            .Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);

        Assert.Empty(names.Except(EventShapes.Names, StringComparer.Ordinal));
    }

    private static JsonObject Body(string json) => JsonNode.Parse(json)!.AsObject();
}
