using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Evolution.Load;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    private const int Probes = 200;

    /// <param name="folder">Where the data will lie: how long a flush takes there is measured.</param>
    public static string Describe(string folder)
    {
        var model = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown CPU";
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (1024.0 * 1024 * 1024);
        return $"{model}, {Environment.ProcessorCount} cores, {memory:0} GiB; {RuntimeInformation.OSDescription}; {RuntimeInformation.FrameworkDescription}; "
            + $"a flush of 4 KiB takes {MedianFlush(folder).TotalMilliseconds:0.00} ms";
    }

    private static TimeSpan MedianFlush(string folder)
    {
        var path = Path.Combine(folder, "flush");
        var times = new List<TimeSpan>(Probes);
        using (var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write))
        {
            for (var i = 0; i < Probes; i++)
            {
                var start = Stopwatch.GetTimestamp();
                RandomAccess.Write(file, new byte[4096], i * 4096L);
                RandomAccess.FlushToDisk(file);
                times.Add(Stopwatch.GetElapsedTime(start));
            }
        }

        File.Delete(path);
        times.Sort();
        return times[Probes / 2];
    }
}
