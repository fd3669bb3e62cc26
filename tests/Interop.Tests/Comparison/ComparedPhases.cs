using Evolution.Interop.Tests.Matrix;
using Evolution.Simulator;
using Xunit;

namespace Evolution.Interop.Tests.Comparison;

/// <summary>Both clients, led through the same phases side by side, and the differences of each.</summary>
public sealed class ComparedPhases(PeersFixture peers) : IAsyncLifetime
{
    public const string Pairing = "pairing";
    public const string PairingByCode = "pairing by code";
    public const string FirstLogin = "first login";
    public const string Login = "login";
    public const string FirstText = "first text";
    public const string Answer = "answer";
    public const string Text = "text";
    public const string Quote = "quote";
    public const string Mention = "mention";

    // What both clients do whenever they send something, whatever its stanza is like.
    private static readonly string[] s_send = ["content", "content for the own phone"];

    private static readonly string[] s_text = ["content", "content for the own phone", "message[text participants]", "ack[receipt]", "ack[sender receipt]"];

    // What both clients do in each phase at least. Seeing to it keeps a comparison from being of nothing with nothing.
    private static readonly Dictionary<string, string[]> s_expected = new()
    {
        [Pairing] = ["qr", "payload", "iq[result]", "iq[result pair-device-sign]", "ib[unified_session]"],
        [PairingByCode] = ["payload", "iq[result]", "iq[set md link_code_companion_reg]", "ack[link_code_companion_reg notification]", "iq[result pair-device-sign]", "ib[unified_session]"],
        [FirstLogin] =
        [
            "payload", "iq[get encrypt count]", "iq[set encrypt registration]", "iq[set passive active]", "ib[offline_batch]", "iq[get encrypt digest]",
            "iq[get abt props]", "iq[get blocklist]", "iq[get privacy privacy]", "ib[unified_session]", "receipt[peer_msg]", "receipt[hist_sync]",
        ],
        [Login] =
        [
            "payload", "iq[get encrypt count]", "iq[set passive active]", "ib[offline_batch]", "iq[get encrypt digest]", "iq[get abt props]",
            "iq[get blocklist]", "iq[get privacy privacy]", "ib[unified_session]", "presence[available]",
        ],
        [FirstText] = [.. s_text, "iq[get usync usync]", "iq[get encrypt key]", "iq[set privacy tokens]"],
        [Answer] = ["receipt[]", "receipt[sender]"],
        [Text] = s_text,
        [Quote] = s_text,
        [Mention] = s_text,
    };

    // After what was done has come about, the last acks and receipts may still be under way.
    private static readonly TimeSpan s_straggling = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, IReadOnlyList<Difference>> _differences = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _missing = [];
    private ComparedSide _ours = null!;
    private ComparedSide _theirs = null!;

    internal AllowList Allowed { get; } = AllowList.Load();

    /// <summary>Every difference, allowed or not.</summary>
    internal IEnumerable<Difference> All => _differences.Values.SelectMany(phase => phase);

    internal IReadOnlyList<Difference> Of(string phase) => _differences[phase];

    /// <summary>The kinds of things that both clients had to do in a phase and at least one did not.</summary>
    internal IReadOnlyList<string> MissingIn(string phase) => _missing[phase];

    /// <summary>What the simulators objected to.</summary>
    internal IEnumerable<Violation> Violations => _ours.Simulator.World.Violations.Snapshot().Concat(_theirs.Simulator.World.Violations.Snapshot());

    public async ValueTask InitializeAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(300));
        var ct = limit.Token;
        _ours = new OurSide(await StartSimulatorAsync(ct));
        _theirs = new BaileysSide(await StartSimulatorAsync(ct), await peers.Rc14Async(ct));
        await BothAsync(side => side.PrepareAsync());

        var qr = await BothAsync(side => side.PairByQrAsync(ct));
        await SettleAsync(Pairing, () => [qr.Ours, .. _ours.Sent(pairing: true)], () => [qr.Theirs, .. _theirs.Sent(pairing: true)]);
        await SettleAsync(FirstLogin, () => _ours.Sent(pairing: false), () => _theirs.Sent(pairing: false));
        await PhaseAsync(Login, side => side.LogInAgainAsync(ct));
        await TextAsync(FirstText, quoting: false, mentioning: false, ct);
        await PhaseAsync(Answer, side => side.BeWrittenToAsync(ct));
        await TextAsync(Text, quoting: false, mentioning: false, ct);
        await TextAsync(Quote, quoting: true, mentioning: false, ct);
        await TextAsync(Mention, quoting: false, mentioning: true, ct);

        await BothAsync(side => side.MakeGroupAsync());
        foreach (var (phase, (row, place)) in ComparedSends.All)
            await SendAsync(phase, row, place, ct);

        _ours.ForgetConnections();
        _theirs.ForgetConnections();
        Begin();
        await BothAsync(side => side.PairByCodeAsync(ct));
        await SettleAsync(PairingByCode, () => _ours.Sent(pairing: true), () => _theirs.Sent(pairing: true));
    }

    public async ValueTask DisposeAsync()
    {
        await _ours.DisposeAsync();
        await _theirs.DisposeAsync();
    }

    // What a client says after its answer to the pairing must not be cut off by the restart that the server then asks for.
    private static async Task<TestSimulator> StartSimulatorAsync(CancellationToken ct)
    {
        var simulator = await TestSimulator.StartAsync(ct, options => options with { PairSuccessDelay = TimeSpan.FromSeconds(1) });
        simulator.World.Interceptor = new LaterPhone(simulator.Recorder);
        return simulator;
    }

    private async Task PhaseAsync(string name, Func<ComparedSide, Task> act)
    {
        Begin();
        await BothAsync(act);
        await SettleAsync(name, () => _ours.Sent(pairing: false), () => _theirs.Sent(pairing: false));
    }

    private async Task TextAsync(string name, bool quoting, bool mentioning, CancellationToken ct)
    {
        Begin();
        var read = await BothAsync(side => side.SendAndReadAsync($"a {name}", quoting, mentioning ? [side.CodeOwner.Jid] : [], ct));
        await SettleAsync(name, () => [.. read.Ours, .. _ours.Sent(pairing: false)], () => [.. read.Theirs, .. _theirs.Sent(pairing: false)]);
    }

    private async Task SendAsync(string name, MatrixRow row, Place place, CancellationToken ct)
    {
        var (ours, theirs) = await BothAsync(side => side.ContextAsync(row, place, ct));
        Begin();
        var read = await BothAsync(side => side.SendAndReadAsync(row, side == _ours ? ours : theirs, ct));
        await SettleAsync(name, () => [.. read.Ours, .. _ours.Sent(pairing: false)], () => [.. read.Theirs, .. _theirs.Sent(pairing: false)]);
    }

    private void Begin()
    {
        _ours.BeginPhase();
        _theirs.BeginPhase();
    }

    /// <summary>Compares until the differences are those allowed, or the time for that is over.</summary>
    private async Task SettleAsync(string phase, Func<IReadOnlyList<Shape>> ours, Func<IReadOnlyList<Shape>> theirs)
    {
        using var limit = new CancellationTokenSource(s_straggling);
        while (true)
        {
            var next = Task.WhenAny(_ours.NextStanza, _theirs.NextStanza);
            var (left, right) = (ours(), theirs());
            _differences[phase] = Difference.Between(phase, left, right);
            _missing[phase] = [.. s_expected.GetValueOrDefault(phase, s_send).Except(left.Select(shape => shape.Key).Intersect(right.Select(shape => shape.Key)))];
            if (_missing[phase].Count == 0 && Allowed.IsComplete(phase, _differences[phase]))
                return;
            try
            {
                await next.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private Task BothAsync(Func<ComparedSide, Task> act) => Task.WhenAll(act(_ours), act(_theirs));

    private async Task<(T Ours, T Theirs)> BothAsync<T>(Func<ComparedSide, Task<T>> act)
    {
        var (ours, theirs) = (act(_ours), act(_theirs));
        return (await ours, await theirs);
    }
}
