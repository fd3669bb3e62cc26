namespace Evolution.Gateway.Media;

/// <summary>The disk does not take a file. The message may go to clients: what the system said, with paths, is in the inner exception.</summary>
internal sealed class MediaFolderException(Exception cause)
    : IOException("The file can't be kept: the disk of the data folder is full or can't be written", cause)
{
    /// <summary>Whether that is what an error of the file system means.</summary>
    public static bool IsMeantBy(Exception e) => e is (IOException and not MediaFolderException) or UnauthorizedAccessException;
}
