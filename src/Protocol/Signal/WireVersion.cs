namespace Evolution.Protocol.Signal;

/// <summary>The first byte of every Signal message: the message's version in the high half, the sender's newest in the low half.</summary>
internal static class WireVersion
{
    public const byte Current = 0x33;

    /// <exception cref="SignalException"><see cref="SignalError.InvalidMessage"/> for no bytes, <see cref="SignalError.InvalidVersion"/> for other versions.</exception>
    public static void Require(ReadOnlySpan<byte> message)
    {
        if (message.IsEmpty)
            throw new SignalException(SignalError.InvalidMessage, "The message is empty.");
        if (message[0] >> 4 != Current >> 4)
            throw new SignalException(SignalError.InvalidVersion, $"Message version {message[0] >> 4} is not supported.");
    }
}
