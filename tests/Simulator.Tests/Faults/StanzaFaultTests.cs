using Evolution.Client;

namespace Evolution.Simulator.Tests.Faults;

/// <summary>Faults of stanzas on their way: lost, late, twice, spoilt, in another order.</summary>
public sealed class StanzaFaultTests : WithCompanion
{
    [Theory]
    [InlineData("toClient")]
    [InlineData("fromClient")]
    public async Task A_corrupted_enc_is_asked_for_again(string direction)
    {
        await AddAsync(new { when = new { tag = "message", direction }, @do = new { corrupt = true } });

        if (direction == "toClient")
        {
            var id = await _other.SendTextAsync(Own, "spoilt");
            Assert.Equal("spoilt", (await _companion.MessageAsync(id)).Content.Conversation);
            await StanzaAsync("direction=in&tag=receipt", s => (string?)s["node"]!["attrs"]!["type"] == "retry");
        }
        else
        {
            var info = await _companion.SendAsync(_other, "spoilt");
            await _other.WaitForMessageAsync(m => m.Id == info.Id, ct: Ct);
            Assert.Equal(1, _other.Undecryptable);
        }

        Assert.Empty(_simulator.World.Violations.Snapshot());
    }

    [Fact]
    public async Task A_duplicate_arrives_once()
    {
        await AddAsync(new { when = new { tag = "message" }, @do = new { duplicate = true } });
        var id = await _other.SendTextAsync(Own, "twice");
        var last = await _other.SendTextAsync(Own, "last");

        await _companion.MessageAsync(id);
        var next = await _companion.EventAsync<MessageReceived>();

        Assert.Equal(last, next.Info.Id);
        Assert.Equal(2, (await _api.GetAsync($"/v1/clients/{_companion.Jid}/stanzas?tag=message&direction=out"))["stanzas"]!.AsArray()
            .Count(s => (string?)s!["node"]!["attrs"]!["id"] == id));
    }

    [Fact]
    public async Task What_comes_twice_from_a_client_is_taken_as_if_it_had_said_it_twice()
    {
        // Every receipt: the companion may still confirm what its phone sent it after the linking.
        await AddAsync(new { when = new { tag = "receipt", direction = "fromClient", count = 0 }, @do = new { duplicate = true } });
        var id = await _other.SendTextAsync(Own, "confirmed twice");

        var answers = 0;
        await StanzaAsync("direction=out&tag=ack", s => (string?)s["node"]!["attrs"]!["id"] == id && ++answers == 2);

        Assert.Equal("acked-twice", (string?)(await _api.GetAsync("/v1/violations"))["violations"]![0]!["code"]);
    }

    [Fact]
    public async Task Reordered_messages_leave_in_the_other_order_and_both_arrive()
    {
        await AddAsync(new { when = new { tag = "message" }, @do = new { reorder = 1 } });
        var first = await _other.SendTextAsync(Own, "first");
        var second = await _other.SendTextAsync(Own, "second");

        Assert.Equal(second, (await _companion.EventAsync<MessageReceived>()).Info.Id);
        Assert.Equal(first, (await _companion.EventAsync<MessageReceived>()).Info.Id);
    }

    [Fact]
    public async Task A_message_waits_until_as_many_have_overtaken_it_as_was_said()
    {
        await AddAsync(new { when = new { tag = "message" }, @do = new { reorder = 2 } });
        string[] sent = [await _other.SendTextAsync(Own, "1"), await _other.SendTextAsync(Own, "2"), await _other.SendTextAsync(Own, "3"), await _other.SendTextAsync(Own, "4")];

        string[] got = [await NextIdAsync(), await NextIdAsync(), await NextIdAsync(), await NextIdAsync()];

        Assert.Equal([sent[1], sent[2], sent[0], sent[3]], got);

        async Task<string> NextIdAsync() => (await _companion.EventAsync<MessageReceived>()).Info.Id;
    }

    [Fact]
    public async Task What_comes_from_the_client_can_be_held_back_too()
    {
        await AddAsync(new { when = new { tag = "message", direction = "fromClient" }, @do = new { reorder = 1 } });
        var held = _companion.SendAsync(_other, "first");
        await StanzaAsync("direction=in&tag=message", _ => true);

        var second = await _companion.SendAsync(_other, "second");

        var first = await held;
        await _other.WaitForMessageAsync(m => m.Id == first.Id, ct: Ct);
        Assert.Equal([second.Id, first.Id], _other.MessagesAfter().Select(m => m.Id));
        Assert.Empty(_simulator.World.Violations.Snapshot());
    }

    [Fact]
    public async Task A_dropped_message_comes_after_the_next_login()
    {
        await AddAsync(new { when = new { tag = "message" }, @do = new { drop = true } });
        var id = await _other.SendTextAsync(Own, "dropped");
        var next = await _other.SendTextAsync(Own, "not dropped");
        await _companion.MessageAsync(next);

        await _api.PostAsync("/v1/faults", new { @do = new { cut = true } });

        Assert.Equal(id, (await _companion.EventAsync<MessageReceived>()).Info.Id);
    }

    [Fact]
    public async Task A_delay_holds_the_stanza_back()
    {
        await AddAsync(new { when = new { tag = "message", after = 1 }, @do = new { delayMs = 400 } });
        var first = await _other.SendTextAsync(Own, "at once");
        var second = await _other.SendTextAsync(Own, "late");
        await _companion.MessageAsync(second);

        var stanzas = (await _api.GetAsync($"/v1/clients/{_companion.Jid}/stanzas?tag=message&direction=out"))["stanzas"]!.AsArray();
        DateTimeOffset At(string id) => DateTimeOffset.Parse((string)stanzas.First(s => (string?)s!["node"]!["attrs"]!["id"] == id)!["at"]!);
        Assert.True(At(second) - At(first) >= TimeSpan.FromMilliseconds(300));
    }
}
