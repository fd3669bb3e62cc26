using System.Collections.Concurrent;
using Evolution.Client.Media;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Providers;

namespace Evolution.Gateway.Media;

/// <summary>The files of messages: from the disk where they are kept, else from WhatsApp. Whoever asks for the same file meanwhile waits with the first.</summary>
internal sealed class MediaLibrary(MediaStore store, IInstanceHosts hosts, MediaOptions options, TimeProvider time) : IDisposable
{
    private const int Parallel = 8;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, Lazy<Task<StoredMedia>>> underway = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim turns = new(Parallel, Parallel);

    /// <exception cref="ProviderException">It is not kept, and WhatsApp or the connection does not give it.</exception>
    public Task<StoredMedia> GetAsync(Instance instance, MediaReference media, MediaOwner owner, CancellationToken cancellationToken)
    {
        if (!media.Sha256.IsEmpty && store.Find(media.Sha256.Span) is { } kept)
            return Task.FromResult(kept);
        var name = Convert.ToHexString(media.EncryptedSha256.Span);
        return underway.GetOrAdd(name, _ => new Lazy<Task<StoredMedia>>(() => FetchAsync(name, instance, media, owner))).Value.WaitAsync(cancellationToken);
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
                var files = hosts.HostOf(instance).Provider as IFetchesMedia
                    ?? throw new ProviderException(ProviderError.Refused, "Files can't be fetched on this channel");
                await using var file = await files.FetchAsync(media, owner, options.MaxBytes, limit.Token);
                return await store.AddAsync(file, options.MaxBytes, limit.Token);
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
}
