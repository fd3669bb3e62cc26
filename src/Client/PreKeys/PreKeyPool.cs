using Evolution.Client.Stores;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Signal;
using Microsoft.Extensions.Logging;

namespace Evolution.Client.PreKeys;

/// <summary>
/// The one-time and signed pre-keys: made, stored, published, verified, rotated. An id is given out once. A key is stored before it leaves,
/// because a peer may use it before the server's answer reaches us, and counts as published after that answer only.
/// </summary>
internal sealed class PreKeyPool(ClientContext context) : IDisposable
{
    /// <summary>How many keys a server without any gets, and how many when it runs low (Baileys, src/Defaults: INITIAL_PREKEY_COUNT, MIN_PREKEY_COUNT).</summary>
    public const int InitialCount = 812, RefillCount = 5;

    private const uint HighestId = 0xFFFFFF;
    private const int UploadTries = 4;

    private static readonly TimeSpan RotationInterval = TimeSpan.FromDays(30);

    private readonly SemaphoreSlim uploads = new(1, 1);
    private readonly SemaphoreSlim ids = new(1, 1);
    private readonly ILogger log = context.Loggers.CreateLogger<PreKeyPool>();
    private uint? nextId;
    private bool repaired;

    /// <summary>The login's step: asks how many keys the server has and uploads what is missing.</summary>
    public async Task ReplenishAsync(CancellationToken ct)
    {
        var reply = await context.Channel.QueryAsync(PreKeyStanzas.Count(context.Channel.NextId()), null, ct).ConfigureAwait(false);
        var count = reply.Child("count")?.LongOf("value") ?? 0;
        if (count == 0)
            await UploadAsync(InitialCount, ct).ConfigureAwait(false);
        else if (count <= RefillCount || await IsNewestMissingAsync(ct).ConfigureAwait(false))
            await UploadAsync(RefillCount, ct).ConfigureAwait(false);
    }

    /// <summary>Answers the server's remark that it runs low; does nothing while an upload is under way.</summary>
    public async Task RefillAsync(CancellationToken ct)
    {
        if (uploads.CurrentCount > 0)
            await UploadAsync(RefillCount, ct).ConfigureAwait(false);
    }

    /// <summary>
    /// Compares what the server holds with what we have. A server that holds nothing gets everything. One that holds something else gets a few
    /// new keys: with them go the registration id and the signed pre-key, which replace what was there. One-time keys that are not ours stay
    /// until peers have used them up, so that is done once, and then only logged.
    /// Sources: Baileys, src/Socket/socket.ts, digestKeyBundle, uploads when there is no digest; whatsapp-rust, src/prekeys.rs, says of
    /// WhatsApp Web that it uploads on 404; whatsmeow does not ask.
    /// </summary>
    public async Task VerifyAsync(CancellationToken ct)
    {
        if (await AskDigestAsync(ct).ConfigureAwait(false) is not { } digest)
        {
            PreKeyLog.BundleMissing(log);
            await UploadAsync(InitialCount, ct).ConfigureAwait(false);
            return;
        }

        if (await IsOursAsync(digest, ct).ConfigureAwait(false))
            return;
        PreKeyLog.BundleDiffers(log, !repaired);
        if (repaired)
            return;
        await UploadAsync(RefillCount, ct).ConfigureAwait(false);
        repaired = true;
    }

    /// <summary>Replaces the signed pre-key once it is a month old. The old one stays readable for messages under way.</summary>
    public async Task RotateIfDueAsync(CancellationToken ct)
    {
        var current = context.State.Credentials;
        var now = context.Time.GetUtcNow();
        if (now - current.SignedPreKeyCreatedAt < RotationInterval)
            return;

        // A rotation that was interrupted is resumed with the same key: the server may have it already.
        var id = current.SignedPreKey.Id + 1;
        var key = await context.Store.LoadSignedPreKeyAsync(id, ct).ConfigureAwait(false);
        if (key is null)
        {
            key = SignedPreKey.Create(id, current.Identity.KeyPair);
            var writes = new DeviceWriteSet();
            writes.SignedPreKeys.AddRange([current.SignedPreKey, key]);
            await context.Store.CommitAsync(writes, ct).ConfigureAwait(false);
        }

        await context.Channel.QueryAsync(PreKeyStanzas.Rotate(context.Channel.NextId(), key), null, ct).ConfigureAwait(false);
        await context.State.UpdateAsync(c => c with { SignedPreKey = key, SignedPreKeyCreatedAt = now }, ct).ConfigureAwait(false);
        PreKeyLog.Rotated(log, id);
    }

    /// <summary>A new one-time key that leaves in a retry receipt instead of an upload; it is added to the write set.</summary>
    public async ValueTask<PreKey> IssueAsync(DeviceWriteSet writes, CancellationToken ct)
    {
        var key = (await MakeAsync(1, ct).ConfigureAwait(false))[0];
        writes.AddedPreKeys.Add(new StoredPreKey(key, Published: true));
        writes.NextPreKeyId = Math.Max(writes.NextPreKeyId ?? 0, key.Id + 1);
        return key;
    }

    /// <summary>Forgets what it knows of the server's stock after the device was reset.</summary>
    public void Reset() => (nextId, repaired) = (null, false);

    public void Dispose()
    {
        uploads.Dispose();
        ids.Dispose();
    }

    /// <summary>What the server holds; null when it holds nothing.</summary>
    private async Task<PreKeyDigest?> AskDigestAsync(CancellationToken ct)
    {
        try
        {
            var reply = await context.Channel.QueryAsync(PreKeyStanzas.Digest(context.Channel.NextId()), null, ct).ConfigureAwait(false);
            return PreKeyStanzas.ReadDigest(reply);
        }
        catch (IqException e) when (e.Code == 404)
        {
            return null;
        }
    }

    private async Task<bool> IsOursAsync(PreKeyDigest digest, CancellationToken ct)
    {
        var credentials = context.State.Credentials;
        if (digest.RegistrationId != credentials.Identity.RegistrationId
            || !digest.Identity.Span.SequenceEqual(credentials.Identity.KeyPair.PublicKey.Span)
            || digest.SignedPreKeyId != credentials.SignedPreKey.Id
            || !digest.SignedPreKey.Span.SequenceEqual(credentials.SignedPreKey.KeyPair.PublicKey.Span))
            return false;
        var known = await context.Store.LoadPreKeysAsync([.. digest.ListedIds], ct).ConfigureAwait(false);
        return digest.ListedIds.All(known.ContainsKey)
            && digest.Hash.Span.SequenceEqual(PreKeyStanzas.Hash(credentials, digest.ListedIds.Select(id => known[id])));
    }

    private async Task UploadAsync(int count, CancellationToken ct)
    {
        await uploads.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            var keys = await PrepareAsync(count, ct).ConfigureAwait(false);
            await PublishAsync(keys, ct).ConfigureAwait(false);
            var published = new DeviceWriteSet();
            published.PublishedPreKeys.UnionWith(keys.Select(k => k.Id));
            await context.Store.CommitAsync(published, ct).ConfigureAwait(false);
            PreKeyLog.Uploaded(log, keys.Count);
        }
        finally
        {
            uploads.Release();
        }
    }

    /// <summary>Stored, unpublished keys first, then new ones, all stored.</summary>
    private async Task<IReadOnlyList<PreKey>> PrepareAsync(int count, CancellationToken ct)
    {
        var inventory = await context.Store.LoadPreKeyInventoryAsync(ct).ConfigureAwait(false);
        var left = await context.Store.LoadPreKeysAsync([.. inventory.Unpublished.Take(count)], ct).ConfigureAwait(false);
        var keys = left.Values.OrderBy(k => k.Id).ToList();
        if (keys.Count == count)
            return keys;

        var made = await MakeAsync(count - keys.Count, ct).ConfigureAwait(false);
        var writes = new DeviceWriteSet { NextPreKeyId = made[^1].Id + 1 };
        writes.AddedPreKeys.AddRange(made.Select(k => new StoredPreKey(k, Published: false)));
        await context.Store.CommitAsync(writes, ct).ConfigureAwait(false);
        keys.AddRange(made);
        return keys;
    }

    private async Task PublishAsync(IReadOnlyList<PreKey> keys, CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var upload = PreKeyStanzas.Upload(context.Channel.NextId(), context.State.Credentials, keys);
                await context.Channel.QueryAsync(upload, null, ct).ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (e is IqException or TimeoutException && attempt < UploadTries)
            {
                PreKeyLog.UploadFailed(log, attempt, e);
                await Task.Delay(TimeSpan.FromSeconds(1 << (attempt - 1)), context.Time, ct).ConfigureAwait(false);
            }
        }
    }

    private async Task<IReadOnlyList<PreKey>> MakeAsync(int count, CancellationToken ct)
    {
        await ids.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            nextId ??= (await context.Store.LoadPreKeyInventoryAsync(ct).ConfigureAwait(false)).NextId;
            var first = nextId.Value;
            if (first + (uint)count > HighestId)
                throw new InvalidOperationException("The device has used up its 16,777,215 pre-key ids; it must be paired anew.");
            nextId = first + (uint)count;
            return [.. Enumerable.Range(0, count).Select(i => new PreKey(first + (uint)i, KeyPair.Generate()))];
        }
        finally
        {
            ids.Release();
        }
    }

    /// <summary>As Baileys does: when the newest key was used, the server's stock is looked after even though it is not low.</summary>
    private async Task<bool> IsNewestMissingAsync(CancellationToken ct)
    {
        var inventory = await context.Store.LoadPreKeyInventoryAsync(ct).ConfigureAwait(false);
        if (inventory.NextId <= 1)
            return false;
        var newest = inventory.NextId - 1;
        return !(await context.Store.LoadPreKeysAsync([newest], ct).ConfigureAwait(false)).ContainsKey(newest);
    }
}
