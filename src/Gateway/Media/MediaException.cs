namespace Evolution.Gateway.Media;

/// <summary>A file can't be had or can't be used; the message says why, for whoever named it.</summary>
internal sealed class MediaException : Exception
{
    public MediaException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Whether the same request would always fail here: the file is of no use, or a program is missing that the operator would have to install.</summary>
    public bool IsFinal { get; init; }
}
