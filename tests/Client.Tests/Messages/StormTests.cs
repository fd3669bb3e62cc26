using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Xunit;

namespace Evolution.Client.Tests.Messages;

/// <summary>Messages that can't be read, by the hundred: each is told and asked for again, and the log says so a few times.</summary>
public sealed class StormTests
{
    private static readonly Jid Alice = Jid.ForPhone("5511999990002");

    [Fact]
    public async Task A_storm_of_messages_that_cannot_be_read_is_told_whole_and_logged_a_few_times_a_minute()
    {
        await using var device = await MessagingBench.StartAsync();

        await StormAsync(device, "A", 100);

        Assert.Equal(100, device.Events.OfType<MessageUndecryptable>().Count());
        Assert.Equal(20, Told(device));

        device.Time.Advance(TimeSpan.FromMinutes(1));
        await StormAsync(device, "B", 1);
        Assert.Equal(21, Told(device));
        Assert.Contains("80 entries of the kind Undecryptable were left out: there were too many in a minute", device.Log.Warnings);

        await StormAsync(device, "C", 5);
        Assert.Equal(26, Told(device));
        Assert.Single(device.Log.Warnings, warning => warning.Contains("left out", StringComparison.Ordinal));
    }

    private static async Task StormAsync(MessagingBench device, string prefix, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var spoiled = new Node("enc", new NodeAttributes { { "v", "2" }, { "type", "msg" } }, new byte[64]);
            await device.ReceiveAsync(device.MessageFrom(Alice, $"{prefix}{i}", spoiled));
        }
    }

    private static int Told(MessagingBench device) => device.Log.Warnings.Count(warning => warning.Contains("can't be decrypted", StringComparison.Ordinal));
}
