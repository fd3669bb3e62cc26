using System.Net;
using System.Text.Json.Nodes;
using Evolution.Simulator.Tests.ControlApi;

namespace Evolution.Simulator.Tests.Faults;

/// <summary>The JSON of faults, which test suites in other languages rely on.</summary>
public sealed class FaultShapeTests : IAsyncLifetime
{
    private const string Own = "5511999990001";
    private TestSimulator _simulator = null!;
    private ControlClient _api = null!;

    public async ValueTask InitializeAsync()
    {
        _simulator = await TestSimulator.StartAsync();
        _api = new ControlClient(_simulator.Host);
        await _api.PhoneAsync(Own);
    }

    public async ValueTask DisposeAsync()
    {
        _api.Dispose();
        await _simulator.DisposeAsync();
    }

    [Theory]
    [InlineData("""{"do":{"cut":true}}""")]
    [InlineData("""{"do":{"cut":true},"when":{}}""")]
    [InlineData("""{"do":{"streamError":{"code":515}}}""")]
    [InlineData("""{"do":{"streamError":{"code":401,"reason":"device_removed"}}}""")]
    [InlineData("""{"do":{"failure":{"reason":403}}}""")]
    [InlineData("""{"do":{"failure":{"reason":402,"code":101,"expire":60}},"when":{"after":1,"count":0}}""")]
    [InlineData("""{"do":{"iqError":{"code":429}},"when":{"tag":"iq","type":"get"}}""")]
    [InlineData("""{"do":{"iqError":{"code":429,"text":"rate-overlimit"}},"when":{"direction":"fromClient","tag":"iq"}}""")]
    [InlineData("""{"do":{"ackError":479},"when":{"tag":"message","direction":"fromClient"}}""")]
    [InlineData("""{"do":{"delayMs":250},"when":{"tag":"message","direction":"toClient","after":2,"count":3}}""")]
    [InlineData("""{"do":{"drop":true}}""")]
    [InlineData("""{"do":{"duplicate":true}}""")]
    [InlineData("""{"do":{"reorder":2},"when":{"tag":"message","type":"text"}}""")]
    [InlineData("""{"do":{"corrupt":true}}""")]
    [InlineData("""{"do":{"halfFrame":true}}""")]
    [InlineData("""{"do":{"certificate":"wrongRoot"}}""")]
    [InlineData("""{"do":{"certificate":"wrongIssuer"}}""")]
    [InlineData("""{"do":{"certificate":"expired"}}""")]
    [InlineData("""{"do":{"preKeys":"none"}}""")]
    [InlineData("""{"do":{"preKeys":"refuse"}}""")]
    [InlineData("""{"do":{"mediaStatus":404}}""")]
    [InlineData("""{"do":{"mediaStatus":410}}""")]
    [InlineData("""{"do":{"mediaStatus":500},"when":{"count":2}}""")]
    public async Task Every_fault_is_taken_for_everybody_and_for_one_client_listed_and_taken_away(string fault)
    {
        foreach (var client in (string?[])[null, Own + "@s.whatsapp.net"])
        {
            var asked = JsonNode.Parse(fault)!;
            if (client is not null)
                asked["client"] = client;

            var made = await _api.PostTextAsync("/v1/faults", asked.ToJsonString(), HttpStatusCode.Created);

            var id = (string)made["id"]!;
            Assert.NotEmpty(id);
            Assert.Equal(0, (int)made["hits"]!);
            var listed = Assert.Single((await _api.GetAsync("/v1/faults")).AsArray())!;
            Assert.Equal((id, client, 0), ((string)listed["id"]!, (string?)listed["client"], (int)listed["hits"]!));
            Assert.True(JsonNode.DeepEquals(asked["do"], listed["do"]));
            Assert.True(JsonNode.DeepEquals(asked["when"], listed["when"]));
            Assert.Equal(HttpStatusCode.NoContent, await _api.DeleteAsync($"/v1/faults/{id}"));
            Assert.Empty((await _api.GetAsync("/v1/faults")).AsArray());
        }
    }

    [Theory]
    [InlineData("""{"do":{"cut":true}}""", true)]
    [InlineData("""{"do":{"cut":true},"when":{"tag":"message"}}""", false)]
    [InlineData("""{"do":{"drop":true}}""", false)]
    public async Task What_strikes_at_once_is_over_also_when_nobody_was_there(string fault, bool over)
    {
        await _api.PostTextAsync("/v1/faults", fault, HttpStatusCode.Created);

        Assert.Equal(over, (bool)Assert.Single((await _api.GetAsync("/v1/faults")).AsArray())!["spent"]!);
    }
}
