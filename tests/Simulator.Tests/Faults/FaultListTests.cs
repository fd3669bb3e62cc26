using System.Net;

namespace Evolution.Simulator.Tests.Faults;

/// <summary>Which faults there are and whom they strike.</summary>
public sealed class FaultListTests : WithCompanion
{
    [Fact]
    public async Task Without_a_direction_what_comes_from_the_client_is_left_alone()
    {
        var fault = await AddAsync(new { when = new { tag = "message", count = 0 }, @do = new { drop = true } });
        var info = await _companion.SendAsync(_other, "untouched");
        await _other.WaitForMessageAsync(m => m.Id == info.Id, ct: Ct);

        Assert.Equal(0, (int)(await ShownAsync(fault))["hits"]!);
    }

    [Fact]
    public async Task A_fault_for_another_client_does_not_strike_and_one_taken_away_neither()
    {
        var id = await AddAsync(new { client = Other, when = new { tag = "message", count = 0 }, @do = new { cut = true } });
        var gone = await AddAsync(new { when = new { tag = "message", count = 0 }, @do = new { cut = true } });
        Assert.Equal(HttpStatusCode.NoContent, await _api.DeleteAsync($"/v1/faults/{gone}"));
        Assert.Equal(HttpStatusCode.NotFound, await _api.DeleteAsync($"/v1/faults/{gone}"));

        await _companion.MessageAsync(await _other.SendTextAsync(Own, "untouched"));

        var left = Assert.Single((await _api.GetAsync("/v1/faults")).AsArray())!;
        Assert.Equal(id, (string?)left["id"]);
        Assert.Equal(0, (int)left["hits"]!);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"do":{}}""")]
    [InlineData("""{"do":{"cut":true,"drop":true}}""")]
    [InlineData("""{"do":{"cut":false}}""")]
    [InlineData("""{"do":{"streamError":401}}""")]
    [InlineData("""{"do":{"streamError":{"code":"401"}}}""")]
    [InlineData("""{"do":{"streamError":{"code":12}}}""")]
    [InlineData("""{"do":{"streamError":{}}}""")]
    [InlineData("""{"do":{"failure":403}}""")]
    [InlineData("""{"do":{"iqError":400}}""")]
    [InlineData("""{"do":{"delayMs":0}}""")]
    [InlineData("""{"do":{"delay":5}}""")]
    [InlineData("""{"do":{"reorder":true}}""")]
    [InlineData("""{"do":{"certificate":"odd"}}""")]
    [InlineData("""{"do":{"wrongCertificate":true}}""")]
    [InlineData("""{"do":{"preKeys":"few"}}""")]
    [InlineData("""{"do":{"media":404}}""")]
    [InlineData("""{"do":{"drop":true,"upload":true}}""")]
    [InlineData("""{"do":{"explode":true}}""")]
    [InlineData("""{"do":{"drop":true},"when":{"direction":"up"}}""")]
    [InlineData("""{"do":{"drop":true},"when":{"direction":"in"}}""")]
    [InlineData("""{"do":{"drop":true},"when":{"count":-1}}""")]
    [InlineData("""{"do":{"mediaStatus":200}}""")]
    public async Task A_fault_that_makes_no_sense_is_refused(string body) =>
        Assert.NotEmpty((string)(await _api.PostTextAsync("/v1/faults", body, HttpStatusCode.BadRequest))["message"]!);
}
