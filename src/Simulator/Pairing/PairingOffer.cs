using Evolution.Proto;
using Evolution.Protocol.Nodes;
using Evolution.Simulator.Accounts;
using Evolution.Simulator.Server;

namespace Evolution.Simulator.Pairing;

/// <summary>A companion that waits to be linked: its connection, the refs it may show and the keys it registered with.</summary>
internal sealed class PairingOffer(ServerConnection connection, string[] refs, uint registrationId, PublicSignedPreKey signedPreKey)
{
    private int _claimed;

    public ServerConnection Connection { get; } = connection;

    public string[] Refs { get; } = refs;

    public uint RegistrationId { get; } = registrationId;

    public PublicSignedPreKey SignedPreKey { get; } = signedPreKey;

    public ReadOnlyMemory<byte> Identity { get; } = connection.Payload!.DevicePairingData.EIdent.Memory;

    public DeviceProps Props { get; } = DeviceProps.Parser.ParseFrom(connection.Payload.DevicePairingData.DeviceProps);

    /// <summary>The pairing-code flow, once the companion asked for it.</summary>
    public LinkCodeState? LinkCode { get; set; }

    /// <summary>True for the first phone that links it.</summary>
    public bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0;
}

/// <summary>Where a pairing by code stands.</summary>
internal sealed class LinkCodeState(string number, ReadOnlyMemory<byte> wrappedEphemeral, byte[] reference)
{
    /// <summary>Number the companion wants to be linked to.</summary>
    public string Number { get; } = number;

    public ReadOnlyMemory<byte> WrappedEphemeral { get; } = wrappedEphemeral;

    public byte[] Reference { get; } = reference;

    /// <summary>The companion's last stage, when it comes; a new one with every try of a code.</summary>
    public TaskCompletionSource<Node> Finish { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
