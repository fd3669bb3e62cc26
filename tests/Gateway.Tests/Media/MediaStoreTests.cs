using Evolution.Gateway.Media;

namespace Evolution.Gateway.Tests.Media;

/// <summary>What lies on the disk when instances go.</summary>
public sealed class MediaStoreTests : IDisposable
{
    private readonly MediaBench _bench = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Files_of_a_deleted_instance_go_and_those_that_another_has_too_stay()
    {
        var own = await KeptAsync([1], "gone");
        var shared = await KeptAsync([2], "gone", "here");

        Assert.Equal(1, Remove("here"));

        Assert.False(File.Exists(own.Path));
        Assert.Null(_bench.Store.Find("gone", shared.Sha256.Span));
        Assert.NotNull(_bench.Store.Find("here", shared.Sha256.Span));
        Assert.Equal(2, Directory.GetFiles(Path.GetDirectoryName(shared.Path)!).Length);
    }

    [Fact]
    public async Task A_file_that_has_just_come_may_be_claimed_yet_and_an_older_one_was_never_used()
    {
        var old = await KeptAsync([1]);
        var young = await _bench.AddAsync([2], Ct);

        Assert.Equal(1, Remove());

        Assert.Equal((false, true), (File.Exists(old.Path), File.Exists(young.Path)));
    }

    [Fact]
    public async Task A_disk_that_takes_no_file_is_told_as_such_and_without_its_paths()
    {
        Directory.Delete(_bench.Spool);
        await File.WriteAllTextAsync(_bench.Spool, "in the way", Ct);

        var refused = await Assert.ThrowsAsync<MediaFolderException>(() => _bench.AddAsync([1], Ct));

        Assert.Equal("The file can't be kept: the disk of the data folder is full or can't be written", refused.Message);
        Assert.Contains(_bench.Spool, refused.InnerException!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_can_not_be_put_in_its_place_is_told_the_same_way_and_leaves_nothing()
    {
        foreach (var folder in Enumerable.Range(0, 256))
            await File.WriteAllTextAsync(Path.Combine(Path.GetDirectoryName(_bench.Spool)!, "media", $"{folder:x2}"), "in the way", Ct);

        await Assert.ThrowsAsync<MediaFolderException>(() => _bench.AddAsync([1], Ct));

        Assert.Empty(Directory.GetFiles(_bench.Spool));
    }

    private int Remove(params string[] instances) => _bench.Store.RemoveAbandoned(instances.Contains, TimeProvider.System.GetUtcNow(), Ct);

    /// <summary>A file of two hours ago.</summary>
    private async Task<StoredMedia> KeptAsync(byte[] content, params string[] instances)
    {
        var file = await _bench.AddAsync(content, Ct);
        foreach (var instance in instances)
            MediaStore.Claim(instance, file);
        File.SetLastWriteTimeUtc(file.Path, TimeProvider.System.GetUtcNow().UtcDateTime.AddHours(-2));
        return file;
    }
}
