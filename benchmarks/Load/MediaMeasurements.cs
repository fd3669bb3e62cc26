using System.Buffers.Binary;
using System.Diagnostics;

namespace Evolution.Load;

/// <summary>Large documents through one instance, one after another, and whether memory stays flat meanwhile.</summary>
internal sealed class MediaMeasurements(Bed bed, Plan plan)
{
    private const int Instance = 0;
    private const int OtherPhone = 700_000;
    private const int DocumentBytes = 20_000_000;
    private const double MB = 1e6;
    private const double MiB = 1024 * 1024;
    private static readonly TimeSpan ArrivalLimit = TimeSpan.FromSeconds(90);
    private readonly byte[] document = new byte[DocumentBytes];

    public async IAsyncEnumerable<Figure> BothWaysAsync()
    {
        await bed.RestartGatewayAsync(withMetrics: false);
        var other = SimulatorApi.Number(OtherPhone);
        await bed.Simulator.MakePhoneAsync(other);
        new Random(1).NextBytes(document);
        // Code and pools that any file needs.
        for (var i = 0; i < plan.FirstDocuments; i++)
        {
            await SendAsync(other);
            await ReceiveAsync(other);
        }

        var before = bed.GatewayPeakBytes;
        var (sent, received) = (new Passage(), new Passage());
        for (var i = 0; i < plan.Documents - plan.FirstDocuments; i++)
        {
            await MeasureAsync(sent, () => SendAsync(other));
            await MeasureAsync(received, () => ReceiveAsync(other));
        }

        var with = $"{plan.Documents} documents of {DocumentBytes / MB:0} MB each way, one after another";
        yield return new Figure("sendMedia, from the request to its answer", sent.ToString(), "", with);
        yield return new Figure("Media received, from the phone's message to the file as base64", received.ToString(), "", $"{with}; the phone makes, encrypts and uploads the document in that time");
        yield return new Figure(
            "Peak memory while documents pass", $"{bed.GatewayPeakBytes / MiB:0} MiB, {before / MiB:0} MiB of it after the first {plan.FirstDocuments}", "flat", with);
    }

    private async Task MeasureAsync(Passage passage, Func<Task> pass)
    {
        var used = bed.GatewayProcessorTime;
        var start = Stopwatch.GetTimestamp();
        await pass();
        passage.Took += Stopwatch.GetElapsedTime(start);
        passage.ProcessorTime += bed.GatewayProcessorTime - used;
        passage.Bytes += DocumentBytes;
    }

    private async Task SendAsync(string to)
    {
        // No two are the same, or the second would not be uploaded.
        BinaryPrimitives.WriteInt64LittleEndian(document, BinaryPrimitives.ReadInt64LittleEndian(document) + 1);
        await bed.Gateway.SendDocumentAsync(Bed.InstanceName(Instance), to, document);
    }

    private async Task ReceiveAsync(string from)
    {
        var id = await bed.Simulator.SendDocumentAsync(from, SimulatorApi.Number(Instance), DocumentBytes);
        await bed.Receiver.WaitForAsync(id, ArrivalLimit);
        await bed.Gateway.ReadFileAsync(Bed.InstanceName(Instance), id);
    }

    private sealed class Passage
    {
        public TimeSpan Took { get; set; }

        public TimeSpan ProcessorTime { get; set; }

        public long Bytes { get; set; }

        public override string ToString() => $"{Bytes / MB / Took.TotalSeconds:0} MB/s, {ProcessorTime.TotalMilliseconds / (Bytes / MB):0.0} ms gateway CPU per MB";
    }
}
