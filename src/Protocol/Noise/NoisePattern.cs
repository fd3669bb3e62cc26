namespace Evolution.Protocol.Noise;

/// <summary>The handshakes WhatsApp knows.</summary>
public enum NoisePattern
{
    /// <summary>Neither side knows the other's static key.</summary>
    XX,

    /// <summary>The client knows the server's key from before and sends its payload at once.</summary>
    IK,

    /// <summary>A refused <see cref="IK"/>, continued as XX with the same client ephemeral.</summary>
    XXFallback,
}
