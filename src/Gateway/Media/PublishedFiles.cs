using System.Collections.Concurrent;
using Evolution.Client.Media;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Messages;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Providers;
using Evolution.Storage;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.Media;

/// <summary>
/// Puts the files of stored messages into the object store, where there is one, and gives their addresses. Whoever asks for the same file meanwhile
/// waits with the first. While the store fails it is left alone: nobody waits for it, and what is asked for has no address until <see cref="WaitingUploads"/> has put it.
/// </summary>
internal sealed class PublishedFiles(
    MediaLibrary library,
    MessageStore messages,
    MediaOptions options,
    SavingOptions saving,
    ArrivedFiles arrived,
    TimeProvider time,
    ILogger<PublishedFiles> logger,
    IObjectStorage? storage = null) : IDisposable
{
    private delegate Task<StoredMedia> GetFile(Instance instance, MediaReference media, MediaOwner owner, CancellationToken cancellationToken);

    /// <summary>How long the store is left alone after a failure.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromSeconds(30);

    private const int PutsAtOnce = 4;
    private const int ArrivalsAtOnce = 8;

    // An event or an answer goes out without the address of a file that takes longer; the file still gets there.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PutLimit = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<string, Lazy<Task<string?>>> underway = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim turns = new(PutsAtOnce, PutsAtOnce);
    private readonly CancellationTokenSource stopping = new();
    private Task running = Task.CompletedTask;
    private volatile bool isPrepared;
    private long restsUntil;
    private long lastPut;
    private int putsUnderWay;

    /// <summary>Whether the store is left alone for now.</summary>
    public bool IsResting => time.GetUtcNow().UtcTicks < Interlocked.Read(ref restsUntil);

    /// <summary>Where the file of a stored message can be fetched; null when it is not in the store.</summary>
    public Uri? AddressOf(MessageRow row) => row.MediaObject is { } name ? storage?.AddressOf(name) : null;

    /// <summary>Where the file of a message can be fetched, once it is in the store.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="messageId">WhatsApp's id of the message.</param>
    /// <param name="chat">Its chat, in either form.</param>
    /// <param name="cancellationToken">Gives up waiting, not putting.</param>
    /// <returns>Null when it has no file, or that is not put or takes too long; why is in the log.</returns>
    public async Task<Uri?> AddressOfAsync(Instance instance, string messageId, string chat, CancellationToken cancellationToken)
    {
        if (storage is null || !saving.Messages || await messages.FindByKeyAsync(instance.Id, messageId, chat, cancellationToken) is not { } row)
            return null;
        if (row.MediaObject is not null)
            return AddressOf(row);
        try
        {
            return await WorkOf(instance, row, library.GetConnectedAsync).WaitAsync(Patience, time, cancellationToken) is { } name ? storage.AddressOf(name) : null;
        }
        catch (TimeoutException)
        {
            MediaLog.PutsLate(logger, instance.Name, messageId, Patience.TotalSeconds);
            // One that answers nobody would hold every chat for as long.
            if (Volatile.Read(ref putsUnderWay) > 0 && Interlocked.Read(ref lastPut) < (time.GetUtcNow() - Patience).UtcTicks)
                LeaveAlone(storage, $"no file was taken within {Patience.TotalSeconds} s");
            return null;
        }
    }

    /// <summary>Puts the file of a message that has waited for it, unless it lies there by now or there is none to put.</summary>
    /// <returns>False when it is still to be put; why is in the log.</returns>
    public async Task<bool> PutWaitingAsync(Instance instance, WaitingFile waiting, CancellationToken cancellationToken)
    {
        if (await messages.FindByKeyAsync(instance.Id, waiting.KeyId, waiting.RemoteJid, cancellationToken) is not { MediaObject: null } row || !HasFile(row))
            return true;
        if (await WorkOf(instance, row, library.GetAsync).WaitAsync(cancellationToken) is null)
            return false;
        MediaLog.PutAfterAll(logger, instance.Name, waiting.KeyId);
        return true;
    }

    /// <summary>Begins to put what arrives; <see cref="StopAsync"/> ends it.</summary>
    public void Start() => running = storage is null ? Task.CompletedTask : Task.Run(() => RunAsync(storage));

    /// <summary>Gives up what is being put: the next start goes on with it.</summary>
    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await running;
    }

    public void Dispose()
    {
        stopping.Dispose();
        turns.Dispose();
    }

    private async Task RunAsync(IObjectStorage store)
    {
        try
        {
            await PrepareAsync(store);
            await Parallel.ForEachAsync(
                arrived.ReadAllAsync(stopping.Token),
                new ParallelOptions { MaxDegreeOfParallelism = ArrivalsAtOnce, CancellationToken = stopping.Token },
                async (message, _) =>
                {
                    try
                    {
                        await AddressOfAsync(message.Instance, message.MessageId, message.Chat, stopping.Token);
                    }
                    catch (StorageUnavailableException e)
                    {
                        MediaLog.NotPut(logger, message.Instance.Name, message.MessageId, e.Message);
                    }
                });
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private async Task PrepareAsync(IObjectStorage store)
    {
        try
        {
            await store.PrepareAsync(stopping.Token);
            isPrepared = true;
            MediaLog.StorageReady(logger, store.Description);
        }
        catch (ObjectStorageException e)
        {
            LeaveAlone(store, e.Message);
        }
    }

    private Task<string?> WorkOf(Instance instance, MessageRow row, GetFile get) =>
        underway.GetOrAdd(row.Id, _ => new Lazy<Task<string?>>(() => PublishAsync(instance, row, get))).Value;

    // Not ended by whoever asked first: others may wait for it.
    private async Task<string?> PublishAsync(Instance instance, MessageRow row, GetFile get)
    {
        await Task.Yield();
        try
        {
            return IsResting || FileOf(row) is not { } media ? null : await PutAsync(storage!, instance, row, media, get);
        }
        catch (ObjectStorageException e)
        {
            LeaveAlone(storage!, e.Message);
            return null;
        }
        catch (Exception e) when (e is ProviderException or MediaException or IOException or FormatException or OperationCanceledException or StorageUnavailableException)
        {
            MediaLog.NotPut(logger, instance.Name, row.KeyId, e.Message);
            return null;
        }
        finally
        {
            underway.TryRemove(row.Id, out _);
        }
    }

    private async Task<string?> PutAsync(IObjectStorage store, Instance instance, MessageRow row, MessageMedia media, GetFile get)
    {
        using var limit = new CancellationTokenSource(PutLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token, limit.Token);
        var file = await get(instance, media.Reference, RecordedMessage.OwnerOf(row), either.Token);
        var mimetype = media.Mimetype ?? "";
        var name = ObjectName.Of(instance.Id, row.RemoteJid, media.Type, row.MessageTimestamp, row.KeyId, FileTypes.ExtensionOf(mimetype));
        Interlocked.Increment(ref putsUnderWay);
        try
        {
            return await PutInTurnAsync(store, name, file, media, either.Token)
                ? await NotedAsync(instance, row, new MediaFile(name, media.Type, mimetype), either.Token)
                : null;
        }
        finally
        {
            Interlocked.Decrement(ref putsUnderWay);
        }
    }

    private async Task<string> NotedAsync(Instance instance, MessageRow row, MediaFile file, CancellationToken cancellationToken)
    {
        await messages.NoteFileAsync(instance.Id, row.Id, file, cancellationToken);
        return file.ObjectName;
    }

    private async Task<bool> PutInTurnAsync(IObjectStorage store, string name, StoredMedia file, MessageMedia media, CancellationToken cancellationToken)
    {
        await turns.WaitAsync(cancellationToken);
        try
        {
            // It may have failed for those who had their turn before.
            if (!IsResting && !isPrepared)
                await PrepareAsync(store);
            if (IsResting || !isPrepared)
                return false;
            await store.PutAsync(name, file, media.Mimetype ?? "", media.FileName, cancellationToken);
            Interlocked.Exchange(ref lastPut, time.GetUtcNow().UtcTicks);
            return true;
        }
        finally
        {
            turns.Release();
        }
    }

    private MessageMedia? FileOf(MessageRow row)
    {
        using var message = WireJson.Parse(row.Message);
        return MessageMedia.Of(message.RootElement) is { } media && (options.S3 is { SavesVideo: true } || media.Type is not ("videoMessage" or "ptvMessage"))
            ? media
            : null;
    }

    private bool HasFile(MessageRow row)
    {
        try
        {
            return FileOf(row) is not null;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private void LeaveAlone(IObjectStorage store, string reason)
    {
        if (IsResting)
            return;
        Interlocked.Exchange(ref restsUntil, (time.GetUtcNow() + Rest).UtcTicks);
        MediaLog.StorageFails(logger, store.Description, reason, Rest.TotalSeconds);
    }
}
