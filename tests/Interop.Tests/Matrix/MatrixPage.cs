using System.Globalization;
using System.Text;
using Xunit;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>docs/protocol/interop-matrix.md, written from the table.</summary>
internal static class MatrixPage
{
    public const string WriteVariable = "WRITE_INTEROP_MATRIX";
    private const string Letters = "NLGS";

    private static readonly (PeerKind Peer, string Name)[] s_peers =
        [(PeerKind.Rc14, "rc14"), (PeerKind.Rc6, "rc.6"), (PeerKind.Rust, "whatsapp-rust"), (PeerKind.Phone, "phone")];

    /// <summary>Fails when the page is not that of the table; writes it when the environment says so.</summary>
    public static async Task CheckAsync(CancellationToken ct)
    {
        var path = Path.Combine(PeerProcess.RepositoryRoot, "docs", "protocol", "interop-matrix.md");
        var text = Text();
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
            await File.WriteAllTextAsync(path, text, ct);
        Assert.True(File.Exists(path) && await File.ReadAllTextAsync(path, ct) == text, $"{path} is out of date: run this test with {WriteVariable}=1.");
    }

    private static string Text()
    {
        var notes = new List<string>();
        var rows = MatrixTable.Rows.Select(row => $"| {row.Name} | {(row.IsOfGateway ? "gateway" : "client")} | {string.Join(" | ", Columns(row, notes))} |").ToList();
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            # The interop matrix

            Every kind of message between our client and four others, both ways, wherever it may go. This page is written by
            `Matrix.Rc14Tests.The_page_shows_this_table` from the table that the tests run (`tests/Interop.Tests/Matrix`): `{WriteVariable}=1` writes it, and without
            that the test fails when the two differ.

            Each letter is a cell that runs: **N** to a person by number, **L** by LID, **G** in a group, **S** as a status. What the reader understood comes back
            through its own schema and is compared field by field with what the sender was given; files are downloaded and their hashes compared; votes are opened by
            the poll's author. *Ours* says who makes the message on our side: the gateway, as for a request, or our client alone, for which the contract has no
            request. Baileys sends by `sendMessage` what that makes and relays the rest. whatsapp-rust has calls of its own for {string.Join(", ", MatrixTable.Rows.Where(row => row.Rust is not null).Select(row => row.Name))};
            it sends the rest as it is given. A number leads to the reason why a cell is missing.

            A reason that is no longer so fails its cell by name: against the contract and this table (`Matrix.PlacesTests`), or against the calls that Baileys has
            (`Matrix.BaileysMatrixTests`). Only that administrators are a group's is WhatsApp's own rule, which nothing here could show. What a client loses on its own, and
            the second answer that is let pass, must happen in each of their cells.

            | content | ours | {string.Join(" | ", s_peers.SelectMany(peer => new[] { $"to {peer.Name}", $"from {peer.Name}" }))} |
            | --- | --- |{string.Concat(Enumerable.Repeat(" --- |", s_peers.Length * 2))}

            """);
        page.AppendJoin('\n', rows).Append("\n\n");
        foreach (var (note, index) in notes.Select((note, index) => (note, index)))
            page.Append(CultureInfo.InvariantCulture, $"{index + 1}. {note}\n");
        var cells = s_peers.Select(peer => (peer.Name, Cells: Of(peer.Peer).ToList())).ToList();
        page.Append("\n| peer | cells run | cells with a reason |\n| --- | --- | --- |\n");
        foreach (var (name, all) in cells)
            page.Append(CultureInfo.InvariantCulture, $"| {name} | {all.Count(cell => cell.Reason is null)} | {all.Count(cell => cell.Reason is not null)} |\n");
        var drops = MatrixTable.Rows.SelectMany(row => row.Drops.Select(drop => $"{Name(drop.Key)} drops `{string.Join("`, `", drop.Value)}` of a {row.Name} that it is given to send.")).ToList();
        if (drops.Count > 0)
            page.Append("\nWhat clients lose on their own:\n\n- ").AppendJoin("\n- ", drops).Append('\n');
        page.Append('\n').Append(Tolerated.Page).Append('\n');
        return page.ToString();
    }

    private static IEnumerable<string> Columns(MatrixRow row, List<string> notes) =>
        from peer in s_peers
        from oursSends in (bool[])[true, false]
        select string.Join(' ', Enum.GetValues<Place>().Select(place => Show(new MatrixCell(row, peer.Peer, oursSends, place), notes)).Distinct());

    private static string Show(MatrixCell cell, List<string> notes)
    {
        if (cell.Reason is not { } reason)
            return Letters[(int)cell.Place].ToString();
        if (!notes.Contains(reason))
            notes.Add(reason);
        return $"({notes.IndexOf(reason) + 1})";
    }

    private static IEnumerable<MatrixCell> Of(PeerKind peer) => MatrixCell.Of(peer, oursSends: true).Concat(MatrixCell.Of(peer, oursSends: false));

    private static string Name(PeerKind kind) => s_peers.Single(peer => peer.Peer == kind).Name;
}
