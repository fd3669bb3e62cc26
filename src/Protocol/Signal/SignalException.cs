namespace Evolution.Protocol.Signal;

/// <summary>A Signal operation failed; the record it was given is as it was.</summary>
#pragma warning disable CA1032 // an error without its kind would be of no use to a caller
public sealed class SignalException(SignalError error, string message) : Exception(message)
#pragma warning restore CA1032
{
    /// <summary>What went wrong.</summary>
    public SignalError Error { get; } = error;
}
