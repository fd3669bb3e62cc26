using System.Security.Cryptography;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Google.Protobuf;
using Xunit;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>The column of docs/compat/messages.md that names the peers which prove a type, as the table has it.</summary>
internal static class MessageTypePeers
{
    private const int Column = 4;

    // What is in a group comes with its sender's key.
    private const string SenderKey = "senderKeyDistributionMessage";

    private static readonly (string Name, PeerKind[] Peers)[] s_peers = [("B", [PeerKind.Rc14, PeerKind.Rc6]), ("R", [PeerKind.Rust])];

    /// <summary>Fails when the page's column is not that of the table; writes it when the environment says so.</summary>
    public static async Task CheckAsync(CancellationToken ct)
    {
        var path = Path.Combine(PeerProcess.RepositoryRoot, "docs", "compat", "messages.md");
        var proofs = Proofs().ToLookup(proof => proof.Type, proof => proof.Proof);
        var text = await File.ReadAllTextAsync(path, ct);
        var lines = text.Split('\n').Select(line => line.StartsWith("| `", StringComparison.Ordinal) ? WithPeers(line.Split('|'), proofs) : line).ToList();
        if (Environment.GetEnvironmentVariable(MatrixPage.WriteVariable) == "1")
            await File.WriteAllTextAsync(path, string.Join('\n', lines), ct);
        Assert.Equal(lines, (await File.ReadAllTextAsync(path, ct)).Split('\n'));
        Assert.All(proofs, proof => Assert.Contains($"| `{proof.Key}` |", text, StringComparison.Ordinal));
    }

    private static string WithPeers(string[] cells, ILookup<string, string> proofs)
    {
        cells[Column] = $" {string.Join(", ", proofs[cells[1].Trim(' ', '`')].Prepend("P"))} ";
        return string.Join('|', cells);
    }

    /// <summary>Each type with each direction in which every one of the peers of a name has a cell that runs.</summary>
    private static IEnumerable<(string Type, string Proof)> Proofs()
    {
        var types = MatrixTable.Rows.ToDictionary(row => row.Name, row => TypesIn(row.Content(Anywhere())).ToList());
        return from peer in s_peers
               from oursSends in (bool[])[false, true]
               let shown = peer.Peers.Select(kind => Shown(kind, oursSends, types)).Aggregate((all, one) => all.Intersect(one))
               from type in shown
               select (type, $"{peer.Name} {(oursSends ? "out" : "in")}");
    }

    private static IEnumerable<string> Shown(PeerKind peer, bool oursSends, Dictionary<string, List<string>> types) => MatrixCell.Of(peer, oursSends).Where(cell => cell.Reason is null)
        .SelectMany(cell => cell.Place == Place.Group ? types[cell.Row.Name].Append(SenderKey) : types[cell.Row.Name]).Distinct();

    // A wrapper shows both itself and what is in it.
    private static IEnumerable<string> TypesIn(Message content)
    {
        foreach (var field in Message.Descriptor.Fields.InFieldNumberOrder().Where(field => field.Name != "messageContextInfo" && field.Accessor.HasValue(content)))
        {
            yield return field.Name;
            if (field.Accessor.GetValue(content) is Message.Types.FutureProofMessage { Message: { } inner })
            {
                foreach (var type in TypesIn(inner))
                    yield return type;
            }
        }
    }

    private static CellContext Anywhere()
    {
        var earlier = new Message { Conversation = "earlier", MessageContextInfo = new() { MessageSecret = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(32)) } };
        var reader = Jid.ForPhone("5511999990042");
        return new CellContext(Place.Number, reader, Jid.ForPhone("5511999990041"), reader, []) { Earlier = new EarlierMessage("3A00", IsOwn: false, earlier) };
    }
}
