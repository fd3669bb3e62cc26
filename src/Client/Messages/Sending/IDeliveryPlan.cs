using Evolution.Client.Dispatch;
using Evolution.Client.Stores;
using Evolution.Proto;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Messages.Sending;

/// <summary>The devices that get one message: first prepared, then locked, then encrypted for.</summary>
internal interface IDeliveryPlan
{
    /// <summary>Whether the stanza addresses people by LID; else by phone JID.</summary>
    bool IsByLid { get; }

    /// <summary>Asks the server for the keys that are missing. Holds no lock meanwhile, so what it found can have changed afterwards.</summary>
    ValueTask PrepareAsync(CancellationToken ct);

    /// <summary>Takes the locks of all ratchets that the message will step.</summary>
    /// <param name="writes">Those of the message; the messages before it in its batch are its earlier ones.</param>
    /// <returns>False when something changed meanwhile: it has to be prepared again, without the locks.</returns>
    ValueTask<bool> TryLockAsync(RatchetScope ratchets, DeviceWriteSet writes, CancellationToken ct);

    /// <summary>Encrypts the message; what that changes is added to the write set, which must be committed before the stanza leaves.</summary>
    /// <exception cref="RecipientUnknownException">No device of the recipient could be encrypted for.</exception>
    ValueTask<Node> EncryptAsync(MessageInfo info, Message message, DeviceWriteSet writes, CancellationToken ct);
}
