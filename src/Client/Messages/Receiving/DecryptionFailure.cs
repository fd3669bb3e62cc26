using Evolution.Protocol.Signal;

namespace Evolution.Client.Messages.Receiving;

/// <summary>Why a message can't be read.</summary>
/// <param name="Reason">A short word, for logs and placeholders.</param>
/// <param name="Error">The Signal layer's error, when it was that.</param>
internal sealed record DecryptionFailure(string Reason, SignalError? Error = null)
{
    /// <summary>Whether the author uses keys of ours that are gone, so that only new ones help.</summary>
    public bool NeedsKeys => Error is SignalError.NoPreKey or SignalError.NoSignedPreKey;
}
