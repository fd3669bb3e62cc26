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
    /// <summary>The key of a message's content as its recipient reads it.</summary>
    public const string Content = "content";

    /// <summary>The key of the same as the own phone reads it.</summary>
    public const string ContentForOwnPhone = "content for the own phone";

    /// <summary>The message that is quoted; both simulators' contact sends it under this id.</summary>
    protected const string QuotedId = "3A0000000000000000Q1";
    protected const string QuotedText = "quote me";

    private const string QuotedInGroupId = "3A0000000000000000Q2";
    private const string OwnText = "from my phone";

    private readonly HashSet<ServerConnection> _finished = [];
    private readonly Dictionary<(string Row, Place Place), EarlierMessage> _sent = [];
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
    public async Task<IReadOnlyList<Shape>> SendAndReadAsync(string text, bool quoting, IReadOnlyList<Jid> mentioned, CancellationToken ct) =>
        await ReadAsync(await SendAsync(text, quoting, mentioned, ct), ct);

    /// <summary>Sends a kind of message.</summary>
    /// <returns>The message id.</returns>
    public abstract Task<string> SendAsync(MatrixRow row, CellContext at, CancellationToken ct);

    /// <summary>The own phone makes the group that both write to, and the contact writes there what will be answered to.</summary>
    public async Task MakeGroupAsync(CancellationToken ct)
    {
        _group = await simulator.World.CreateGroupAsync(Owner.Number, "Compared", [Contact.Number], true);
        await Contact.SendTextAsync(_group.ToString(), QuotedText, new OutgoingMessage { Id = QuotedInGroupId });
        await ReceiveAsync(QuotedInGroupId, QuotedText, ct);
    }

    /// <summary>The contact writes three times, and is told of the first and then of the others that they were read.</summary>
    public async Task ReadWhatComesAsync(bool inGroup, CancellationToken ct)
    {
        var chat = inGroup ? _group.ToString() : Owner.Number;
        string[] ids = [.. Enumerable.Range(1, 3).Select(i => $"3A00000000000000{(inGroup ? "G" : "N")}{i}")];
        foreach (var id in ids)
        {
            await Contact.SendTextAsync(chat, id, new OutgoingMessage { Id = id });
            await ReceiveAsync(id, id, ct);
        }

        await MarkReadAsync(inGroup ? _group : Contact.Jid, inGroup ? Contact.Lid : null, ids[..1], ct);
        await MarkReadAsync(inGroup ? _group : Contact.Jid, inGroup ? Contact.Lid : null, ids[1..], ct);
    }

    /// <summary>Looks at the pictures of the contact, of itself and of the group, and at the contact's about line and business.</summary>
    public Task LookAtProfilesAsync(CancellationToken ct) => LookAsync([Contact.Jid, Owner.Jid, _group], Contact.Jid, ct);

    /// <inheritdoc cref="LookAtProfilesAsync"/>
    protected abstract Task LookAsync(IReadOnlyList<Jid> pictured, Jid person, CancellationToken ct);

    /// <summary>Tells an author that messages were read.</summary>
    /// <param name="author">Null outside groups.</param>
    protected abstract Task MarkReadAsync(Jid chat, Jid? author, string[] ids, CancellationToken ct);

    /// <inheritdoc cref="SendAndReadAsync(string, bool, IReadOnlyList{Jid}, CancellationToken)"/>
    public async Task<IReadOnlyList<Shape>> SendAndReadAsync(MatrixRow row, Place place, CancellationToken ct)
    {
        var id = await SendAsync(row, At(row, place), ct);
        _sent[(row.Name, place)] = new EarlierMessage(id, IsOwn: true, (await Contact.WaitForMessageAsync(message => message.Id == id, ct: ct)).Content);
        return await ReadAsync(id, ct);
    }

    /// <summary>Where a message goes. It acts on what an earlier phase sent or got there, so that nothing of that is still under way.</summary>
    private CellContext At(MatrixRow row, Place place)
    {
        var at = place switch
        {
            Place.Group => new CellContext(place, _group, Owner.Lid, Contact.Lid, []),
            Place.Lid => new CellContext(place, Contact.Lid, Owner.Lid, Contact.Lid, []),
            Place.Status => new CellContext(place, Jid.Status, Owner.Jid, Contact.Jid, []) { StatusReaders = [Contact.Jid, Owner.Jid] },
            _ => new CellContext(place, Contact.Jid, Owner.Jid, Contact.Jid, []),
        };
        if (row.After.IsOwn())
            return at with { Earlier = _sent[(row.After.RowName(), place)] };
        return row.After == Earlier.OthersText
            ? at with { Earlier = new EarlierMessage(place == Place.Group ? QuotedInGroupId : QuotedId, IsOwn: false, new Message { Conversation = QuotedText }) }
            : at;
    }

    private async Task<IReadOnlyList<Shape>> ReadAsync(string id, CancellationToken ct)
    {
        var there = await Contact.WaitForMessageAsync(message => message.Id == id, ct: ct);
        var copy = await Owner.WaitForMessageAsync(message => message.Id == id, ct: ct);
        return [Shape.Of(Content, there.Content), Shape.Of(ContentForOwnPhone, copy.Content)];
    }

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
