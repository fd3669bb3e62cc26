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
    public const string Group = "group";
    public const string Read = "read";
    public const string ReadInGroup = "read in a group";
    public const string Profiles = "profiles";

    // What both clients do whenever they send something, of whatever kind it is.
    private static readonly string[] s_send = [ComparedSide.Content, ComparedSide.ContentForOwnPhone, "message[*", "ack[receipt]", "ack[sender receipt]"];

    private static readonly string[] s_text = [.. s_send, "message[text participants]"];

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
        [Group] = ["receipt[]", "ack[w:gp2 notification]"],
        [Read] = ["receipt[]", "receipt[read]", "receipt[read list]"],
        [ReadInGroup] = ["receipt[]", "receipt[read]", "receipt[read list]"],
        [Profiles] = ["iq[get w:profile:picture picture]", "iq[get usync usync]", "iq[get w:biz business_profile]"],
    };

    // After what was done has come about, the last acks and receipts may still be under way.
    private static readonly TimeSpan s_straggling = TimeSpan.FromSeconds(15);

    private readonly Dictionary<string, IReadOnlyList<Difference>> _differences = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _missing = [];
    private readonly Dictionary<string, IReadOnlyList<Shape>> _done = [];
    private ComparedSide _ours = null!;
    private ComparedSide _theirs = null!;

    internal AllowList Allowed { get; } = AllowList.Load();

    /// <summary>The differences of each phase, allowed or not.</summary>
    internal IReadOnlyDictionary<string, IReadOnlyList<Difference>> All => _differences;

    /// <summary>What our client did in a phase.</summary>
    internal IReadOnlyList<Shape> OursIn(string phase) => _done[phase];

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

        await PhaseAsync(Group, side => side.MakeGroupAsync(ct));
        foreach (var (phase, (row, place)) in ComparedSends.All)
            await SendAsync(phase, row, place, ct);
        await PhaseAsync(Read, side => side.ReadWhatComesAsync(inGroup: false, ct));
        await PhaseAsync(ReadInGroup, side => side.ReadWhatComesAsync(inGroup: true, ct));
        await PhaseAsync(Profiles, side => side.LookAtProfilesAsync(ct));

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
        Begin();
        var read = await BothAsync(side => side.SendAndReadAsync(row, place, ct));
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
            _done[phase] = left;
            _differences[phase] = Difference.Between(phase, left, right);
            _missing[phase] = [.. s_expected.GetValueOrDefault(phase, s_send).Where(kind => !IsIn(left, kind) || !IsIn(right, kind))];
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

    private static bool IsIn(IEnumerable<Shape> done, string kind) =>
        done.Any(shape => kind.EndsWith('*') ? shape.Key.StartsWith(kind[..^1], StringComparison.Ordinal) : shape.Key == kind);

    private Task BothAsync(Func<ComparedSide, Task> act) => Task.WhenAll(act(_ours), act(_theirs));

    private async Task<(T Ours, T Theirs)> BothAsync<T>(Func<ComparedSide, Task<T>> act)
    {
        var (ours, theirs) = (act(_ours), act(_theirs));
        return (await ours, await theirs);
    }
}
