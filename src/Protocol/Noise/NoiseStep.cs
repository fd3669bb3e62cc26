namespace Evolution.Protocol.Noise;

/// <summary>What a responder does with a client's first frame.</summary>
/// <param name="Pattern">The pattern that goes on: XX, IK, or XXfallback when a resumption was refused.</param>
/// <param name="Reply">The server's hello to send.</param>
/// <param name="ClientPayload">The client's payload when the handshake is complete with the reply (IK); otherwise a client finish follows.</param>
public sealed record NoiseStep(NoisePattern Pattern, byte[] Reply, byte[]? ClientPayload);
