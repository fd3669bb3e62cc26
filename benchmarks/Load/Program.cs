using Evolution.Load;

// Measures the built gateway on a simulator. ./bench builds what it needs and calls it.
if (args is not [var program, var report, .. var rest] || rest is not ([] or ["--quick"]))
{
    Console.Error.WriteLine("usage: Evolution.Load GATEWAY REPORT [--quick]");
    return 1;
}

var plan = rest.Length == 0 ? Plan.Full : Plan.Quick;
var folder = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(report))!, "load");
if (Directory.Exists(folder))
    Directory.Delete(folder, recursive: true);
Directory.CreateDirectory(folder);

var machine = Machine.Describe(folder);
Console.WriteLine(machine);
var figures = new List<Figure>();
await using (var bed = await Bed.StartAsync(program, folder))
{
    await bed.RestartGatewayAsync(withMetrics: false);
    await bed.LinkUpToAsync(1);
    var rests = new RestMeasurements(bed, plan);
    await NoteAsync(rests.OfOneInstanceAsync());
    await bed.RestartGatewayAsync(withMetrics: true);
    var messages = new MessageMeasurements(bed, plan);
    await messages.PrepareAsync();
    await NoteAsync(messages.SendingAsync());
    await NoteAsync(messages.ReceivingAsync());
    await NoteAsync(new GroupMeasurements(bed, plan).SendingAsync());
    await NoteAsync(new MediaMeasurements(bed, plan).BothWaysAsync());
    await NoteAsync(rests.OfFleetsAsync());
}

await File.WriteAllLinesAsync(
    report,
    [
        $"Machine: {machine}. Gateway, simulator, and the driver with its webhook receiver share these cores.",
        "",
        "| what | measured | aim | with |",
        "| --- | --- | --- | --- |",
        .. figures.Select(figure => $"| {figure.What} | {figure.Value} | {figure.Aim} | {figure.With} |"),
    ]);
Directory.Delete(folder, recursive: true);
return 0;

async Task NoteAsync(IAsyncEnumerable<Figure> measured)
{
    await foreach (var figure in measured)
    {
        figures.Add(figure);
        Console.WriteLine($"{figure.What}: {figure.Value}{(figure.Aim.Length == 0 ? "" : $" (aim {figure.Aim})")}");
    }
}
