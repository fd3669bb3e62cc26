using Evolution.Gateway.Media;

namespace Evolution.Gateway.Tests.Media;

public sealed class LoudnessMeterTests
{
    [Theory]
    [InlineData(128)]
    [InlineData(4096)]
    [InlineData(5_000_000)]
    public void Each_part_is_as_loud_as_its_samples_however_many_there_are(int samples)
    {
        var sound = new short[samples];
        for (var i = 0; i < samples; i++)
            sound[i] = (short)((i < samples / 2 ? 100 : 10_000) * (i % 2 == 0 ? 1 : -1));

        var waveform = Measured(sound);

        Assert.Equal(64, waveform.Length);
        Assert.All(waveform[..31], value => Assert.Equal(1, value));
        Assert.All(waveform[33..], value => Assert.InRange(value, 99, 100));
        Assert.Equal(100, waveform.Max());
    }

    [Fact]
    public void It_does_not_matter_in_which_pieces_the_samples_come()
    {
        var sound = Enumerable.Range(0, 100_003).Select(i => (short)(i * 7919)).ToArray();
        var whole = Measured(sound);
        var meter = new LoudnessMeter();

        for (var at = 0; at < sound.Length; at += 997)
            meter.Add(sound.AsSpan(at, Math.Min(997, sound.Length - at)));

        Assert.Equal(whole, meter.ToWaveform());
    }

    [Fact]
    public void Less_than_a_sample_for_each_part_is_spread_over_them() =>
        Assert.Equal([.. Enumerable.Repeat((byte)50, 32), .. Enumerable.Repeat((byte)100, 32)], Measured([100, -200]));

    [Fact]
    public void The_loudest_part_is_100_whatever_its_mean() => Assert.All(
        Enumerable.Range(1, 300), loud => Assert.Equal(100, Measured([.. Enumerable.Range(0, 3 * 64).Select(i => (short)(i % 3 == 0 ? loud : 0))]).Max()));

    [Fact]
    public void Silence_and_nothing_at_all_are_silent()
    {
        Assert.Equal(new byte[64], Measured(new short[10_000]));
        Assert.Equal(new byte[64], Measured([]));
    }

    [Fact]
    public void The_loudest_sample_there_is_does_not_overflow() => Assert.All(Measured([.. Enumerable.Repeat(short.MinValue, 1_000_000)]), value => Assert.InRange(value, 99, 100));

    private static byte[] Measured(short[] samples)
    {
        var meter = new LoudnessMeter();
        meter.Add(samples);
        return meter.ToWaveform();
    }
}
