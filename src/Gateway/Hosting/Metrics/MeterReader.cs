using System.Globalization;
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Evolution.Gateway.Hosting.Metrics;

/// <summary>Collects the process's meters and writes them in Prometheus' text format.</summary>
internal sealed class MeterReader : IDisposable
{
    private readonly List<Metric> collected = [];
    private readonly Lock gate = new();
    private readonly BaseExportingMetricReader reader;
    private readonly MeterProvider provider;

    public MeterReader()
    {
        reader = new BaseExportingMetricReader(new Collector(collected));
        provider = Sdk.CreateMeterProviderBuilder()
            .AddMeter("Evolution.*", "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
            .AddReader(reader)
            .Build();
    }

    public void Write(StringBuilder output)
    {
        lock (gate)
        {
            collected.Clear();
            reader.Collect();
            foreach (var metric in collected)
                Write(output, metric);
        }
    }

    public void Dispose() => provider.Dispose();

    private static void Write(StringBuilder output, Metric metric)
    {
        var isSum = metric.MetricType is MetricType.LongSum or MetricType.DoubleSum;
        var name = NameOf(metric, isSum);
        var kind = metric.MetricType == MetricType.Histogram ? "histogram" : isSum ? "counter" : "gauge";
        output.Append($"# HELP {name} {metric.Description.Replace('\n', ' ')}\n# TYPE {name} {kind}\n");
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var labels = LabelsOf(point);
            switch (metric.MetricType)
            {
                case MetricType.LongSum or MetricType.LongSumNonMonotonic:
                    Line(output, name, labels, point.GetSumLong());
                    break;
                case MetricType.DoubleSum or MetricType.DoubleSumNonMonotonic:
                    Line(output, name, labels, point.GetSumDouble());
                    break;
                case MetricType.LongGauge:
                    Line(output, name, labels, point.GetGaugeLastValueLong());
                    break;
                case MetricType.DoubleGauge:
                    Line(output, name, labels, point.GetGaugeLastValueDouble());
                    break;
                case MetricType.Histogram:
                    WriteHistogram(output, name, labels, point);
                    break;
            }
        }
    }

    private static void WriteHistogram(StringBuilder output, string name, string labels, in MetricPoint point)
    {
        long below = 0;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            below += bucket.BucketCount;
            var bound = double.IsPositiveInfinity(bucket.ExplicitBound) ? "+Inf" : bucket.ExplicitBound.ToString(CultureInfo.InvariantCulture);
            Line(output, name + "_bucket", labels.Length == 0 ? $"le=\"{bound}\"" : $"{labels},le=\"{bound}\"", below);
        }

        Line(output, name + "_sum", labels, point.GetHistogramSum());
        Line(output, name + "_count", labels, point.GetHistogramCount());
    }

    private static void Line(StringBuilder output, string name, string labels, double value) =>
        output.Append(CultureInfo.InvariantCulture, $"{name}{(labels.Length == 0 ? "" : $"{{{labels}}}")} {value}\n");

    // Dots become underscores, the unit and "total" go to the end: Prometheus' own rules for OpenTelemetry names.
    private static string NameOf(Metric metric, bool isSum)
    {
        var name = string.Concat(metric.Name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        var unit = metric.Unit switch { "s" => "_seconds", "By" => "_bytes", "ms" => "_milliseconds", _ => "" };
        return name + (name.EndsWith(unit, StringComparison.Ordinal) ? "" : unit) + (isSum && !name.EndsWith("_total", StringComparison.Ordinal) ? "_total" : "");
    }

    private static string LabelsOf(in MetricPoint point)
    {
        var labels = new StringBuilder();
        foreach (var tag in point.Tags)
        {
            var value = Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? "";
            labels.Append(labels.Length == 0 ? "" : ",")
                .Append(tag.Key.Replace('.', '_'))
                .Append("=\"")
                .Append(value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal))
                .Append('"');
        }

        return labels.ToString();
    }

    private sealed class Collector(List<Metric> into) : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch)
                into.Add(metric);
            return ExportResult.Success;
        }
    }
}
