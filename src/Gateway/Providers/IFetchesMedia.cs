using Evolution.Client.Media;

namespace Evolution.Gateway.Providers;

/// <summary>Fetches the files of messages.</summary>
internal interface IFetchesMedia
{
    /// <summary>Downloads a file, checks it against what the message announced, and gives its plaintext.</summary>
    /// <param name="media">The file.</param>
    /// <param name="owner">Its message: when the file is gone, the phone is asked to upload it again.</param>
    /// <param name="maxBytes">The largest file to take.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    Task<Stream> FetchAsync(MediaReference media, MediaOwner owner, long maxBytes, CancellationToken cancellationToken);
}
