using Evolution.Client.Tests;
using Evolution.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Evolution.Gateway.Tests.Api;

public sealed class SendPresenceTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact(Timeout = TestLimit.Ms)]
    public async Task The_newest_presence_of_a_chat_ends_the_ones_before_and_is_itself_taken_back()
    {
        var clock = new WaitedClock();
        await using var gateway = await RunningGateway.StartAsync(services => services.AddSingleton<TimeProvider>(clock), Stop);
        var token = await gateway.CreateAsync("sales", Stop);
        Task<Reply> ComposeAsync(int delay) =>
            gateway.PostAsync("/chat/sendPresence/sales", token, $$"""{"number":"5511999990001","presence":"composing","delay":{{delay}}}""", Stop);

        var shown = clock.WaitedAsync(TimeSpan.FromMilliseconds(15_001));
        var first = ComposeAsync(15_001);
        await shown;
        shown = clock.WaitedAsync(TimeSpan.FromMilliseconds(20_001));
        var second = ComposeAsync(20_001);
        Assert.Equal("""{"presence":"composing"}""", (await first).Text);
        await shown;
        clock.Advance(TimeSpan.FromMilliseconds(20_001));
        await second;

        Assert.Equal(
            ["5511999990001 subscribe", "5511999990001 Composing", "5511999990001 subscribe", "5511999990001 Composing", "5511999990001 Paused"],
            gateway.HostOf("sales").Provider.Presences);
    }
}
