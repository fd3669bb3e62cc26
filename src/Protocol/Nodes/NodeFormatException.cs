namespace Evolution.Protocol.Nodes;

/// <summary>A frame's content is no well-formed node.</summary>
public sealed class NodeFormatException : Exception
{
    /// <inheritdoc cref="Exception(string)"/>
    public NodeFormatException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="Exception(string, Exception)"/>
    public NodeFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <inheritdoc cref="Exception()"/>
    public NodeFormatException()
    {
    }
}
