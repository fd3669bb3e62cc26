namespace Evolution.Load;

/// <summary>How much is measured.</summary>
/// <param name="Starts">Starts of the gateway.</param>
/// <param name="Idle">Rest before memory is read.</param>
/// <param name="Fleets">Numbers of instances whose memory is read.</param>
/// <param name="Sending">How long sendText is measured at each number of connections.</param>
/// <param name="Burst">Messages that come as fast as the phones can.</param>
/// <param name="Paced">Messages that come at 1,000 a second.</param>
/// <param name="Members">Members of the groups written to.</param>
/// <param name="Documents">Documents that pass each way.</param>
/// <param name="FirstDocuments">How many of these pass before memory is looked at.</param>
internal sealed record Plan(
    int Starts, TimeSpan Idle, IReadOnlyList<int> Fleets, TimeSpan Sending, int Burst, int Paced, int Members, int Documents, int FirstDocuments)
{
    public static Plan Full { get; } = new(7, TimeSpan.FromSeconds(30), [100, 1000], TimeSpan.FromSeconds(8), 10_000, 10_000, 256, 200, 20);

    public static Plan Quick { get; } = new(3, TimeSpan.FromSeconds(5), [20], TimeSpan.FromSeconds(3), 3000, 3000, 32, 10, 2);
}
