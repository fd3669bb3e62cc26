namespace Evolution.Protocol.Noise;

/// <summary>The handshake or a frame after it was refused.</summary>
public sealed class NoiseException : Exception
{
    /// <summary>A refusal with its reason.</summary>
    public NoiseException(NoiseError error, string message, Exception? innerException = null)
        : base(message, innerException) => Error = error;

    /// <inheritdoc cref="Exception(string)"/>
    public NoiseException(string message)
        : base(message)
    {
    }

    /// <inheritdoc cref="Exception(string, Exception)"/>
    public NoiseException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <inheritdoc cref="Exception()"/>
    public NoiseException()
    {
    }

    /// <summary>The reason.</summary>
    public NoiseError Error { get; }
}
