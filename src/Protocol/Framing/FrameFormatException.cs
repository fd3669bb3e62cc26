namespace Evolution.Protocol.Framing;

/// <summary>A stream of frames is malformed: a wrong stream header or a frame beyond the limit.</summary>
public sealed class FrameFormatException : Exception
{
    /// <inheritdoc cref="Exception(string)"/>
    public FrameFormatException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="Exception(string, Exception)"/>
    public FrameFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <inheritdoc cref="Exception()"/>
    public FrameFormatException()
    {
    }
}
