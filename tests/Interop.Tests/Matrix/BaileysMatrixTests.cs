using System.Diagnostics.CodeAnalysis;
using Xunit;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>With a Baileys, which can't send everything.</summary>
/// <typeparam name="TPeer">The release.</typeparam>
[SuppressMessage("Design", "CA1000:Do not declare static members on generic types", Justification = "xunit asks for static data, and it differs by peer.")]
public abstract class BaileysMatrixTests<TPeer> : MatrixTests<TPeer>
    where TPeer : IMatrixPeer
{
    public static IEnumerable<TheoryDataRow<string, Place>> CellsLeftOut => MatrixCell.Of(TPeer.Kind, oursSends: false)
        .Where(cell => MatrixReasons.Of(cell) is not null && !cell.Row.NotAt.ContainsKey(cell.Place)).Select(cell => new TheoryDataRow<string, Place>(cell.Row.Name, cell.Place));

    [Theory(Timeout = TestLimit.Ms)]
    [MemberData(nameof(CellsLeftOut))]
    public async Task What_they_are_said_not_to_send_they_have_no_call_for(string content, Place place)
    {
        var cell = new MatrixCell(MatrixTable.Row(content), TPeer.Kind, OursSends: false, place);
        var reason = MatrixReasons.For(cell)!;
        var calls = await ((BaileysParty)With.Theirs).CallsNamedAsync(reason.Word, Ct);
        Assert.True(
            cell.Row.Baileys is null && calls.SequenceEqual(reason.Calls),
            $"{TPeer.Kind} may be able to send a {content} now (the table has a call: {cell.Row.Baileys is not null}; its own: {string.Join(", ", calls)}). If so, remove \"{reason.Text}\" from MatrixReasons.");
    }
}
