namespace Evolution.Gateway.Media;

/// <summary>
/// Measures how loud sound is over its time, however long it is: the samples' mean distance from silence in 64 parts of equal length, the loudest
/// of which is 100 (Baileys: src/Utils/messages-media.ts, getAudioWaveform). What is kept does not grow: when it is full, neighbours become one.
/// </summary>
internal sealed class LoudnessMeter
{
    /// <summary>Parts of a waveform.</summary>
    public const int Parts = 64;

    private const int Capacity = 64 * Parts;
    private const byte Unheard = 50;

    private readonly long[] sums = new long[Capacity];
    private int count;
    private int samplesPerSum = 1;
    private int samplesInLast;

    /// <summary>What stands for sound that could not be measured.</summary>
    public static byte[] Unknown() => [.. Enumerable.Repeat(Unheard, Parts)];

    /// <param name="samples">The next samples.</param>
    public void Add(ReadOnlySpan<short> samples)
    {
        foreach (var sample in samples)
        {
            if (samplesInLast == 0)
                Begin();
            sums[count - 1] += Math.Abs((int)sample);
            samplesInLast = (samplesInLast + 1) % samplesPerSum;
        }
    }

    /// <summary>64 values of 0 to 100; all 0 for silence.</summary>
    public byte[] ToWaveform()
    {
        var parts = new double[Parts];
        // The last sum would look quieter than it is while samples are missing in it.
        var full = samplesInLast == 0 ? count : count - 1;
        for (var part = 0; part < Parts && full > 0; part++)
        {
            var from = part * full / Parts;
            var to = Math.Max(from + 1, (part + 1) * full / Parts);
            var sum = 0L;
            for (var i = from; i < to; i++)
                sum += sums[i];
            parts[part] = (double)sum / (to - from);
        }

        var loudest = parts.Max();
        return [.. parts.Select(part => loudest == 0 ? (byte)0 : (byte)(100 * (part / loudest)))];
    }

    private void Begin()
    {
        if (count == Capacity)
        {
            for (var i = 0; i < Capacity / 2; i++)
                sums[i] = sums[2 * i] + sums[(2 * i) + 1];
            Array.Clear(sums, Capacity / 2, Capacity / 2);
            count = Capacity / 2;
            samplesPerSum *= 2;
        }

        count++;
    }
}
