using Evolution.Simulator;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>What peers do by themselves though the simulator objects.</summary>
internal static class Tolerated
{
    public const string Page = "whatsapp-rust answers a status by an ack and by a receipt of the context `status`. The simulator wants one answer and objects; that alone is let pass.";

    public static bool Is(Violation violation, PeerKind peer, Party theirs) =>
        peer == PeerKind.Rust && violation.Code == "acked-twice" && violation.Device?.ToUser() == theirs.Phone.Jid;
}
