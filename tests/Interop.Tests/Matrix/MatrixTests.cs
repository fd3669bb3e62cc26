using System.Diagnostics.CodeAnalysis;
using Xunit;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>Every kind of message between our client and one other, both ways, wherever it may go: the cells of docs/protocol/interop-matrix.md.</summary>
/// <typeparam name="TPeer">The other one.</typeparam>
[SuppressMessage("Design", "CA1000:Do not declare static members on generic types", Justification = "xunit asks for static data, and it differs by peer.")]
public abstract class MatrixTests<TPeer> : IAsyncLifetime
    where TPeer : IMatrixPeer
{
    private MatrixConversation? _conversation;
    private int _violations;

    public static IEnumerable<TheoryDataRow<string, Place>> OurCells => Cells(oursSends: true);

    public static IEnumerable<TheoryDataRow<string, Place>> TheirCells => Cells(oursSends: false);

    private protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private protected MatrixConversation With => _conversation ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync()
    {
        _conversation = await StartAsync();
        _violations = _conversation.Simulator.World.Violations.Snapshot().Length;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_conversation is null)
            return;
        await _conversation.Simulator.Recorder.AllAnsweredAsync(Ct);
        // One cell's violation is not another one's.
        Assert.DoesNotContain(_conversation.Simulator.World.Violations.Snapshot().Skip(_violations), violation => !Tolerated.Is(violation, TPeer.Kind, _conversation));
    }

    [Theory(Timeout = TestLimit.Ms)]
    [MemberData(nameof(OurCells))]
    public async Task What_we_send_is_understood(string content, Place place)
    {
        var cell = new MatrixCell(MatrixTable.Row(content), TPeer.Kind, OursSends: true, place);
        var id = await With.RunAsync(cell, Ct);
        if (Tolerated.IsExpected(cell))
            await Tolerated.HappensAsync(With, id, Ct);
    }

    [Theory(Timeout = TestLimit.Ms)]
    [MemberData(nameof(TheirCells))]
    public Task What_they_send_is_understood(string content, Place place) => With.RunAsync(new MatrixCell(MatrixTable.Row(content), TPeer.Kind, OursSends: false, place), Ct);

    private protected abstract Task<MatrixConversation> StartAsync();

    // One of each family in a group, where most of the work is, stands for it in the gate.
    private static IEnumerable<TheoryDataRow<string, Place>> Cells(bool oursSends) => MatrixCell.Of(TPeer.Kind, oursSends).Where(cell => cell.Reason is null).Select(cell =>
    {
        var row = new TheoryDataRow<string, Place>(cell.Row.Name, cell.Place);
        return cell.Row.InGate && cell.Place is Place.Group or Place.Status ? row.WithTrait("Gate", "yes") : row;
    });
}

/// <summary>Says at compile time which peer a class of tests is about.</summary>
public interface IMatrixPeer
{
    static abstract PeerKind Kind { get; }
}
