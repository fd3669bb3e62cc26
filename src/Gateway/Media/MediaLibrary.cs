using System.Collections.Concurrent;
using Evolution.Client.Media;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Providers;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.Media;

/// <summary>The files of messages: from the disk where they are kept, else from the object store, else from WhatsApp. Whoever asks for the same file meanwhile waits with the first.</summary>
internal sealed class MediaLibrary(
    MediaStore store,
    IInstanceHosts hosts,
    MessageStore messages,
    MediaOptions options,
    TimeProvider time,
    ILogger<MediaLibrary> logger,
    IObjectStorage? storage = null) : IDisposable
{
    private const int Parallel = 8;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Lazy<Task<StoredMedia>>> underway = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim turns = new(Parallel, Parallel);

    /// <exception cref="ProviderException">It is not kept, and WhatsApp or the connection does not give it.</exception>
    public Task<StoredMedia> GetAsync(Instance instance, MediaReference media, MediaOwner owner, CancellationToken cancellationToken)
    {
        if (!media.Sha256.IsEmpty && store.Find(instance.Id, media.Sha256.Span) is { } kept)
            return Task.FromResult(kept);
        // The hash is what the sender claims: under another key, or for another instance, it is another file.
        var name = $"{instance.Id}/{Convert.ToHexString(media.EncryptedSha256.Span)}/{Convert.ToHexString(media.Key.Span)}";
        return underway.GetOrAdd(name, _ => new Lazy<Task<StoredMedia>>(() => FetchAsync(name, instance, media, owner))).Value.WaitAsync(cancellationToken);
    }

    /// <summary>The same for work that may come before the instance is connected: for a minute that is waited for.</summary>
    /// <exception cref="ProviderException">It is not kept, and WhatsApp or the connection does not give it.</exception>
    public async Task<StoredMedia> GetConnectedAsync(Instance instance, MediaReference media, MediaOwner owner, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(ConnectLimit, time);
        while (true)
        {
            try
            {
                return await GetAsync(instance, media, owner, cancellationToken);
            }
            catch (ProviderException e) when (e.Error == ProviderError.NotConnected && !limit.IsCancellationRequested)
            {
                await Task.Delay(BetweenTries, time, cancellationToken);
            }
        }
    }

    public void Dispose() => turns.Dispose();

    // Not ended by whoever asked first: others may wait for it.
    private async Task<StoredMedia> FetchAsync(string name, Instance instance, MediaReference media, MediaOwner owner)
    {
        await Task.Yield();
        try
        {
            using var limit = new CancellationTokenSource(Limit, time);
            await turns.WaitAsync(limit.Token);
            try
            {
                var found = await FromStorageAsync(instance, media, owner, limit.Token) ?? await FromWhatsAppAsync(instance, media, owner, limit.Token);
                MediaStore.Claim(instance.Id, found);
                return found;
            }
            finally
            {
                turns.Release();
            }
        }
        catch (OperationCanceledException e)
        {
            throw new ProviderException(ProviderError.TimedOut, "The file did not arrive in time", e);
        }
        finally
        {
            underway.TryRemove(name, out _);
        }
    }

    private async Task<StoredMedia> FromWhatsAppAsync(Instance instance, MediaReference media, MediaOwner owner, CancellationToken cancellationToken)
    {
        var files = hosts.HostOf(instance).Provider as IFetchesMedia
            ?? throw new ProviderException(ProviderError.Refused, "Files can't be fetched on this channel");
        await using var file = await files.FetchAsync(media, owner, options.MaxBytes, cancellationToken);
        return await store.AddAsync(file, options.MaxBytes, cancellationToken);
    }

    private async Task<StoredMedia?> FromStorageAsync(Instance instance, MediaReference media, MediaOwner owner, CancellationToken cancellationToken)
    {
        if (storage is null || media.Sha256.IsEmpty
            || await messages.FindByKeyAsync(instance.Id, owner.MessageId, owner.Chat.ToString(), cancellationToken) is not { MediaObject: { } name })
        {
            return null;
        }

        try
        {
            await using var file = await storage.OpenAsync(name, cancellationToken);
            if (file is null)
                return null;
            var found = await store.AddAsync(file, options.MaxBytes, cancellationToken);
            if (found.Sha256.Span.SequenceEqual(media.Sha256.Span))
                return found;
            MediaLog.NotRead(logger, instance.Name, owner.MessageId, "it is another file");
        }
        catch (Exception e) when (e is ObjectStorageException or MediaException or IOException or HttpRequestException)
        {
            MediaLog.NotRead(logger, instance.Name, owner.MessageId, e.Message);
        }

        return null;
    }
}
