using Evolution.Simulator;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>What peers do by themselves though the simulator objects.</summary>
internal static class Tolerated
{
    public const string Page = "whatsapp-rust answers a status by an ack and by a receipt of the context `status`. The simulator wants one answer and objects; that alone is let pass.";

    /// <summary>Whether it must happen in a cell; in any other it must not.</summary>
    public static bool IsExpected(MatrixCell cell) => cell is { Peer: PeerKind.Rust, OursSends: true, Place: Place.Status };

    public static bool Is(Violation violation, PeerKind peer, MatrixConversation with) =>
        peer == PeerKind.Rust && violation.Code == "acked-twice" && violation.Device?.ToUser() == with.Theirs.Phone.Jid && with.Simulator.Recorder.WasStatus(violation.StanzaId);

    /// <summary>Fails when it does not happen any more.</summary>
    /// <param name="id">The status.</param>
    public static async Task HappensAsync(MatrixConversation with, string id, CancellationToken ct)
    {
        try
        {
            await with.Simulator.Recorder.AnsweredAgain.WaitAsync($"second answer to {id}", entry => entry == (with.Theirs.Phone.Number, id), 0, ct);
        }
        catch (TimeoutException e)
        {
            throw new InvalidOperationException("whatsapp-rust answers a status once now: remove what Tolerated lets pass.", e);
        }
    }
}
