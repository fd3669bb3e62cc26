using Evolution.Interop.Tests.Matrix;
using Evolution.Simulator.Phones;
using Xunit;

namespace Evolution.Interop.Tests;

/// <summary>The simulators and the foreign processes, started once, each when first needed.</summary>
public sealed class PeersFixture : IAsyncLifetime
{
    private readonly Once<TestSimulator> _simulator;
    private readonly Once<TestSimulator> _patientSimulator;
    private readonly Once<TestSimulator> _matrixSimulator;
    private readonly Once<PeerProcess> _rc14;
    private readonly Once<PeerProcess> _rc6;
    private readonly Once<PeerProcess> _rust;
    private readonly Once<Conversation> _withRc14;
    private readonly Once<Conversation> _withRc6;
    private readonly Once<Conversation> _withRust;
    private readonly Dictionary<PeerKind, Once<MatrixConversation>> _matrices;

    public PeersFixture()
    {
        _simulator = new(ct => TestSimulator.StartAsync(ct));
        // Its own: what its simulator objects to is laid at the cell's door.
        _matrixSimulator = new(ct => TestSimulator.StartAsync(ct));
        // Baileys rc.6 derives its keys asynchronously and loses what comes too soon.
        _patientSimulator = new(ct => TestSimulator.StartAsync(ct, options => options with
        {
            FirstFrameDelay = TimeSpan.FromMilliseconds(200),
            PairSuccessDelay = TimeSpan.FromMilliseconds(500),
        }));
        _rc14 = new(_ => Task.FromResult(PeerProcess.Start("baileys-rc14", "baileys.mjs", strict: true)));
        _rc6 = new(_ => Task.FromResult(PeerProcess.Start("baileys-rc6", "baileys.mjs")));
        _rust = new(_ => Task.FromResult(PeerProcess.Start("whatsapp-rust", "whatsapp-rust.mjs")));
        _withRc14 = new(async ct => await Conversation.StartAsync(await _simulator.GetAsync(ct), await _rc14.GetAsync(ct), "551199999001", ct));
        _withRc6 = new(async ct => await Conversation.StartAsync(await _patientSimulator.GetAsync(ct), await _rc6.GetAsync(ct), "551199999002", ct));
        _withRust = new(async ct => await Conversation.StartAsync(await _simulator.GetAsync(ct), await _rust.GetAsync(ct), "551199999003", ct));
        _matrices = new()
        {
            [PeerKind.Rc14] = new(ct => MatrixAsync(_matrixSimulator, _rc14, "551199999006", (device, phone) => new BaileysParty(device, phone), ct)),
            [PeerKind.Rc6] = new(ct => MatrixAsync(_patientSimulator, _rc6, "551199999007", (device, phone) => new BaileysParty(device, phone), ct)),
            [PeerKind.Rust] = new(ct => MatrixAsync(_matrixSimulator, _rust, "551199999008", (device, phone) => new RustParty(device, phone), ct)),
            [PeerKind.Phone] = new(async ct =>
            {
                var simulator = await _matrixSimulator.GetAsync(ct);
                return await MatrixConversation.StartAsync(simulator, "551199999009", phone => Task.FromResult<Party>(new PhoneParty(simulator.World, phone)), ct);
            }),
        };
    }

    /// <summary>Our client and Baileys 7.0.0-rc14, which verifies every signature.</summary>
    internal Task<Conversation> WithRc14Async(CancellationToken ct) => _withRc14.GetAsync(ct);

    /// <summary>Our client and Baileys 7.0.0-rc.6.</summary>
    internal Task<Conversation> WithRc6Async(CancellationToken ct) => _withRc6.GetAsync(ct);

    /// <summary>Our client and whatsapp-rust.</summary>
    internal Task<Conversation> WithRustAsync(CancellationToken ct) => _withRust.GetAsync(ct);

    /// <summary>Our client and another one, for the interop matrix.</summary>
    internal Task<MatrixConversation> MatrixAsync(PeerKind peer, CancellationToken ct) => _matrices[peer].GetAsync(ct);

    /// <summary>The process of Baileys 7.0.0-rc14, for devices of one's own.</summary>
    internal Task<PeerProcess> Rc14Async(CancellationToken ct) => _rc14.GetAsync(ct);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable started in (IAsyncDisposable[])[.. _matrices.Values, _withRc14, _withRc6, _withRust, _rc14, _rc6, _rust, _patientSimulator, _matrixSimulator, _simulator])
            await started.DisposeAsync();
    }

    private static async Task<MatrixConversation> MatrixAsync(
        Once<TestSimulator> simulators, Once<PeerProcess> processes, string prefix, Func<PeerDevice, Phone, Party> party, CancellationToken ct)
    {
        var (simulator, process) = (await simulators.GetAsync(ct), await processes.GetAsync(ct));
        return await MatrixConversation.StartAsync(simulator, prefix, async phone =>
        {
            var device = process.Device("matrix");
            await device.StartAsync(simulator.Host, ct);
            await device.PairByQrAsync(phone, ct);
            return party(device, phone);
        }, ct);
    }
}

/// <summary>The classes that share the peers; they run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class PeersCollection : ICollectionFixture<PeersFixture>
{
    public const string Name = "Peers";
}
