namespace Evolution.Gateway.Media;

/// <summary>A file can't be had or can't be used; the message says why, for whoever named it.</summary>
internal sealed class MediaException : Exception
{
    public MediaException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <summary>Whether it is missing a program that the operator would have to install; nothing is wrong with the file.</summary>
    public bool NeedsInstallation { get; init; }
}
