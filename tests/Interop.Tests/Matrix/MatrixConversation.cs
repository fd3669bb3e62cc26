using Evolution.Protocol.Jids;
using Evolution.Simulator.Phones;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>The two who talk, and the group that both are in.</summary>
internal sealed class MatrixConversation : IAsyncDisposable
{
    private readonly OurDevice _device;

    private MatrixConversation(TestSimulator simulator, OurDevice device, Party ours, Party theirs, Jid group)
    {
        Simulator = simulator;
        _device = device;
        Ours = ours;
        Theirs = theirs;
        Group = group;
    }

    public TestSimulator Simulator { get; }

    public Party Ours { get; }

    public Party Theirs { get; }

    public Jid Group { get; }

    /// <summary>Makes the phones and the group, and links the devices.</summary>
    /// <param name="prefix">Number of the phones but for their last digit.</param>
    /// <param name="make">Makes the other side from its phone.</param>
    public static async Task<MatrixConversation> StartAsync(TestSimulator simulator, string prefix, Func<Phone, Task<Party>> make, CancellationToken ct)
    {
        var theirs = await simulator.World.CreatePhoneAsync(prefix + "1", "Peer");
        var ours = await simulator.World.CreatePhoneAsync(prefix + "2", "Ours");
        // A phone's statuses go to its contacts.
        theirs.Account.Contacts.Add(ours.Number);
        var device = new OurDevice(simulator.Host);
        await device.PairByQrAsync(ours, ct);
        var party = await make(theirs);
        var group = await simulator.World.CreateGroupAsync(theirs.Number, "Matrix", [ours.Number], true);
        return new MatrixConversation(simulator, device, new OurParty(device, ours), party, group);
    }

    /// <summary>Sends, and sees how it is understood.</summary>
    /// <returns>The message id.</returns>
    public async Task<string> RunAsync(MatrixCell cell, CancellationToken ct)
    {
        var (sender, reader) = cell.OursSends ? (Ours, Theirs) : (Theirs, Ours);
        var at = await ContextAsync(cell, sender, reader, ct);
        var before = reader.Position;

        var id = await sender.SendAsync(cell.Row, at, ct);

        var (chat, content) = await reader.ReadAsync(id, before, ct);
        Xunit.Assert.Contains(Jid.Parse(chat), cell.Place is Place.Number or Place.Lid ? [sender.Phone.Jid, sender.Phone.Lid] : new[] { at.Chat });
        var dropped = cell.OursSends ? [] : cell.Row.Drops.GetValueOrDefault(cell.Peer) ?? [];
        var differences = Understood.Differences(cell.Row.Content(at), content);
        Xunit.Assert.DoesNotContain(differences, difference => !dropped.Contains(difference.Path));
        Xunit.Assert.All(dropped, path => Xunit.Assert.True(
            differences.Any(difference => difference.Path == path), $"{cell.Peer} sends {path} of a {cell.Row.Name} now: remove it from what the row says that it drops."));
        if (cell.Row.File is { } file)
            Xunit.Assert.Equal(file.Hash, await reader.DownloadAsync(id, content, ct));
        if (cell.Row.Name == PollRows.Vote)
            Xunit.Assert.Equal([PollRows.Chosen], await reader.OpenVoteAsync(id, content, at, ct));
        return id;
    }

    public ValueTask DisposeAsync() => _device.DisposeAsync();

    private async Task<CellContext> ContextAsync(MatrixCell cell, Party sender, Party reader, CancellationToken ct)
    {
        var at = Context(cell.Place, sender, reader);
        if (cell.Row.After == Earlier.Nothing)
            return at;
        var isOwn = cell.Row.After.IsOwn();
        var (author, other) = isOwn ? (sender, reader) : (reader, sender);
        var row = MatrixTable.Row(cell.Row.After.RowName());
        var before = other.Position;
        var id = await author.SendAsync(row, Context(cell.Place, author, other), ct);
        var read = await other.ReadAsync(id, before, ct);
        return at with { Earlier = new EarlierMessage(id, isOwn, isOwn ? await sender.SentAsync(id, ct) : read.Content) };
    }

    private CellContext Context(Place place, Party sender, Party reader)
    {
        var isByNumber = place is Place.Number or Place.Status;
        var (from, to) = isByNumber ? (sender.Phone.Jid, reader.Phone.Jid) : (sender.Phone.Lid, reader.Phone.Lid);
        var chat = place switch
        {
            Place.Group => Group,
            Place.Status => Jid.Status,
            _ => to,
        };
        return new CellContext(place, chat, from, to, isByNumber ? [sender.Phone.Lid, reader.Phone.Lid] : [sender.Phone.Jid, reader.Phone.Jid]);
    }
}
