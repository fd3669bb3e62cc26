namespace Evolution.Interop.Tests.Matrix;

/// <summary>Who is on the other side.</summary>
public enum PeerKind
{
    /// <summary>Baileys 7.0.0-rc14, made to verify every signature.</summary>
    Rc14,

    /// <summary>Baileys 7.0.0-rc.6.</summary>
    Rc6,

    /// <summary>whatsapp-rust.</summary>
    Rust,

    /// <summary>The simulator's phone.</summary>
    Phone,
}
