namespace Evolution.Load;

/// <summary>Texts to groups as large as they were for years.</summary>
internal sealed class GroupMeasurements(Bed bed, Plan plan)
{
    private const int Instance = 0;
    private const int FirstPhone = 600_000;
    private const string Flushes = "1 instance, 1 connection, all members addressed by LID, SQLite WAL with a flush per commit (synchronous=FULL)";
    private readonly IReadOnlyList<string> others = [.. Enumerable.Range(FirstPhone, plan.Members - 1).Select(SimulatorApi.Number)];
    private readonly TextSending texts = new(bed, Bed.InstanceName(Instance));

    public async IAsyncEnumerable<Figure> SendingAsync()
    {
        foreach (var number in others)
            await bed.Simulator.MakePhoneAsync(number);
        foreach (var devices in (int[])[1, 4])
        {
            await bed.LinkOthersAsync(others, devices - 1);
            // A group of its own, so that nobody has the sender key yet.
            var group = await bed.Simulator.MakeGroupAsync(SimulatorApi.Number(Instance), $"{devices} devices", others);
            var what = $"a group of {plan.Members}, {devices} {(devices == 1 ? "device" : "devices")} each";
            var first = await texts.OneAsync(group);
            yield return new Figure($"First sendText to {what}", $"{first.TotalMilliseconds:0} ms", "", $"looks up every device and gives it the sender key; {Flushes}");
            yield return new Figure($"sendText to {what}", (await texts.SendAsync(1, plan.Sending, [group])).ToString(), "", Flushes);
        }
    }
}
