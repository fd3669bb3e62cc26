using Evolution.Simulator.Phones;
using Evolution.Simulator.Server;

namespace Evolution.Interop.Tests;

/// <summary>A foreign device and ours, each linked to a phone of its own, on one simulator.</summary>
internal sealed class Conversation : IAsyncDisposable
{
    private readonly OurDevice _ours;

    private Conversation(TestSimulator simulator, PeerProcess process, PeerDevice peer, Phone peerPhone, OurDevice ours, Phone ourPhone)
    {
        Simulator = simulator;
        Process = process;
        Peer = peer;
        PeerPhone = peerPhone;
        _ours = ours;
        OurPhone = ourPhone;
    }

    public TestSimulator Simulator { get; }

    public PeerProcess Process { get; }

    public PeerDevice Peer { get; }

    public Phone PeerPhone { get; }

    public OurDevice Ours => _ours;

    public Phone OurPhone { get; }

    /// <summary>Makes the phones and links both devices by QR.</summary>
    /// <param name="prefix">Number of the foreign phone but for its last digit.</param>
    public static async Task<Conversation> StartAsync(TestSimulator simulator, PeerProcess process, string prefix, CancellationToken ct)
    {
        var peerPhone = await simulator.World.CreatePhoneAsync(prefix + "1", "Peer");
        var ourPhone = await simulator.World.CreatePhoneAsync(prefix + "2", "Ours");
        var peer = await LinkPeerAsync(simulator, process, "main", peerPhone, ct);
        var ours = await LinkOursAsync(simulator, ourPhone, ct);
        return new Conversation(simulator, process, peer, peerPhone, ours, ourPhone);
    }

    /// <summary>A further phone, whose number ends in another digit than those of this conversation.</summary>
    public Task<Phone> PhoneAsync(int digit, string name, PastSpec? past = null) => Simulator.World.CreatePhoneAsync($"{PeerPhone.Number[..^1]}{digit}", name, past: past);

    /// <summary>A further device of the foreign client, linked by QR.</summary>
    public Task<PeerDevice> LinkPeerAsync(string name, Phone phone, CancellationToken ct) => LinkPeerAsync(Simulator, Process, name, phone, ct);

    /// <summary>A further device of ours, linked by QR; it is the caller's.</summary>
    public Task<OurDevice> LinkOursAsync(Phone phone, CancellationToken ct) => LinkOursAsync(Simulator, phone, ct);

    /// <summary>A retry receipt that this account's companion sends.</summary>
    public Task<RecordedStanza> RetryReceiptAsync(Phone phone, string id, int after, CancellationToken ct) => Simulator.Recorder.Stanzas.WaitAsync(
        $"retry receipt for {id}",
        entry => entry.Direction == StanzaDirection.In && entry.Number == phone.Number && entry.Node is { Tag: "receipt" } receipt
            && receipt["type"] == "retry" && receipt["id"] == id,
        after, ct);

    public ValueTask DisposeAsync() => _ours.DisposeAsync();

    private static async Task<PeerDevice> LinkPeerAsync(TestSimulator simulator, PeerProcess process, string name, Phone phone, CancellationToken ct)
    {
        var device = process.Device(name);
        await device.StartAsync(simulator.Host, ct);
        await device.PairByQrAsync(phone, ct);
        return device;
    }

    private static async Task<OurDevice> LinkOursAsync(TestSimulator simulator, Phone phone, CancellationToken ct)
    {
        var device = new OurDevice(simulator.Host);
        await device.PairByQrAsync(phone, ct);
        return device;
    }
}
