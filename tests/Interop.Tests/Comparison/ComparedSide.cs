using Evolution.Interop.Tests.Matrix;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Phones;
using Evolution.Simulator.Server;

namespace Evolution.Interop.Tests.Comparison;

/// <summary>One of the two clients, alone on a simulator whose people are the same as on the other's.</summary>
internal abstract class ComparedSide(TestSimulator simulator) : IAsyncDisposable
{
    /// <summary>The message that is quoted; both simulators' contact sends it under this id.</summary>
    protected const string QuotedId = "3A0000000000000000Q1";
    protected const string QuotedText = "quote me";

    private const string OwnText = "from my phone";

    private readonly HashSet<ServerConnection> _finished = [];
    private int _phaseStart;
    private Jid _group;

    public TestSimulator Simulator => simulator;

    /// <summary>Whose device it is.</summary>
    public Phone Owner { get; private set; } = null!;

    /// <summary>To whom it writes.</summary>
    public Phone Contact { get; private set; } = null!;

    /// <summary>Links a second device by code.</summary>
    public Phone CodeOwner { get; private set; } = null!;

    public async Task PrepareAsync()
    {
        Owner = await simulator.World.CreatePhoneAsync("5511999990041", "Owner", "100000000000041");
        Contact = await simulator.World.CreatePhoneAsync("5511999990042", "Contact", "100000000000042");
        CodeOwner = await simulator.World.CreatePhoneAsync("5511999990043", "By code", "100000000000043");
    }

    /// <summary>What a QR code looks like, after linking with it.</summary>
    public abstract Task<Shape> PairByQrAsync(CancellationToken ct);

    public abstract Task PairByCodeAsync(CancellationToken ct);

    public abstract Task LogInAgainAsync(CancellationToken ct);

    /// <summary>Waits for a message.</summary>
    public abstract Task ReceiveAsync(string id, string text, CancellationToken ct);

    /// <returns>The message id.</returns>
    public abstract Task<string> SendAsync(string text, bool quoting, IReadOnlyList<Jid> mentioned, CancellationToken ct);

    /// <summary>The contact answers with the message that will be quoted, and the own phone writes to the contact: both sessions are settled.</summary>
    public async Task BeWrittenToAsync(CancellationToken ct)
    {
        await Contact.SendTextAsync(Owner.Number, QuotedText, new OutgoingMessage { Id = QuotedId });
        await ReceiveAsync(QuotedId, QuotedText, ct);
        await ReceiveAsync(await Owner.SendTextAsync(Contact.Number, OwnText), OwnText, ct);
    }

    /// <summary>Sends and says what the contact and the own phone read.</summary>
    public async Task<IReadOnlyList<Shape>> SendAndReadAsync(string text, bool quoting, IReadOnlyList<Jid> mentioned, CancellationToken ct)
    {
        return await ReadAsync(await SendAsync(text, quoting, mentioned, ct), ct);
    }

    private async Task<IReadOnlyList<Shape>> ReadAsync(string id, CancellationToken ct)
    {
        var there = await Contact.WaitForMessageAsync(message => message.Id == id, ct: ct);
        var copy = await Owner.WaitForMessageAsync(message => message.Id == id, ct: ct);
        return [Shape.Of("content", there.Content), Shape.Of("content for the own phone", copy.Content)];
    }

    /// <summary>Sends a kind of message.</summary>
    /// <returns>The message id.</returns>
    public abstract Task<string> SendAsync(MatrixRow row, CellContext at, CancellationToken ct);

    /// <summary>The contact makes the group that both write to.</summary>
    public async Task MakeGroupAsync() => _group = await simulator.World.CreateGroupAsync(Contact.Number, "Compared", [Owner.Number], true);

    /// <summary>Where a message goes, after what has to stand there before it.</summary>
    public async Task<CellContext> ContextAsync(MatrixRow row, Place place, CancellationToken ct)
    {
        var inGroup = place == Place.Group;
        var at = new CellContext(
            place, place switch { Place.Group => _group, Place.Status => Jid.Status, _ => Contact.Jid }, inGroup ? Owner.Lid : Owner.Jid, inGroup ? Contact.Lid : Contact.Jid, []);
        var text = new Message { Conversation = QuotedText };
        if (row.After == Earlier.OwnText)
            return at with { Earlier = new EarlierMessage(await SendAsync(MatrixTable.Row("text"), at, ct), IsOwn: true, text) };
        if (row.After != Earlier.OthersText)
            return at;
        var id = inGroup ? await Contact.SendTextAsync(_group.ToString(), QuotedText) : QuotedId;
        await ReceiveAsync(id, QuotedText, ct);
        return at with { Earlier = new EarlierMessage(id, IsOwn: false, text) };
    }

    /// <inheritdoc cref="SendAndReadAsync(string, bool, IReadOnlyList{Jid}, CancellationToken)"/>
    public async Task<IReadOnlyList<Shape>> SendAndReadAsync(MatrixRow row, CellContext at, CancellationToken ct) => await ReadAsync(await SendAsync(row, at, ct), ct);

    /// <summary>From here on a new phase is recorded.</summary>
    public void BeginPhase() => _phaseStart = simulator.Recorder.Stanzas.Position;

    /// <summary>What connections do that are open now is no longer looked at.</summary>
    public void ForgetConnections() => _finished.UnionWith(simulator.Recorder.Stanzas.Since(0).Select(entry => entry.Connection));

    /// <summary>What the client sent since the phase began, handshakes included.</summary>
    /// <param name="pairing">True: before the login alone. False: after it alone.</param>
    public IReadOnlyList<Shape> Sent(bool pairing)
    {
        var entries = simulator.Recorder.Stanzas.Since(_phaseStart)
            .Where(entry => entry.Connection.Payload!.DevicePairingData is not null == pairing && !_finished.Contains(entry.Connection)).ToList();
        var before = simulator.Recorder.Stanzas.Since(0).Take(_phaseStart).Select(entry => entry.Connection).ToHashSet();
        var shapes = entries.Select(entry => entry.Connection).Distinct().Where(connection => !before.Contains(connection))
            .Select(connection => Shape.Of(connection.Payload!)).ToList();
        shapes.AddRange(entries.Where(entry => entry.Direction == StanzaDirection.In && !IsKeepAlive(entry.Node)).Select(entry => Shape.Of(entry.Node)));
        return shapes;
    }

    /// <summary>Ends with the next stanza.</summary>
    public Task NextStanza => simulator.Recorder.Stanzas.Next;

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return simulator.DisposeAsync();
    }

    // It comes when the time has come, in whatever phase.
    private static bool IsKeepAlive(Node node) => node.Tag == "iq" && node["xmlns"] == "w:p";
}
