namespace Evolution.Protocol.Media;

/// <summary>An encrypted file, or what was said about one, is not what it must be.</summary>
public sealed class MediaFormatException : Exception
{
    /// <inheritdoc cref="Exception(string)"/>
    public MediaFormatException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="Exception(string, Exception)"/>
    public MediaFormatException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <inheritdoc cref="Exception()"/>
    public MediaFormatException()
    {
    }
}
