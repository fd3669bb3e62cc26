using Evolution.Client.Stores;
using Evolution.Protocol.Jids;
using Evolution.Storage.Devices;
using Evolution.Storage.Instances;
using Evolution.Storage.Messages;

namespace Evolution.Storage.Tests.Messages;

/// <summary>The messages whose files are still to be put into the object store.</summary>
public sealed class FileQueueTests : IAsyncLifetime
{
    private static readonly Jid Phone = Jid.ForPhone("5511999990001");
    private StorageFixture fixture = null!;
    private InstanceFence fence = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private FileQueue Queue => new(fixture.Database);

    public async ValueTask InitializeAsync()
    {
        fixture = await StorageFixture.OpenAsync();
        fence = await fixture.OwnAsync();
    }

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    [Fact]
    public async Task A_message_waits_from_when_it_is_stored_until_its_file_is_noted()
    {
        await StoreAsync("A1");
        await StoreAsync("A1");
        await StoreAsync("A2");

        var due = await DueAsync();
        Assert.Equal(["A1", "A2"], due.Select(file => file.KeyId));
        Assert.All(due, file => Assert.Equal((fence.InstanceId, Phone.ToString(), 0), (file.InstanceId, file.RemoteJid, file.Tries)));

        await new MessageStore(fixture.Database).NoteFileAsync(fence.InstanceId, due[0].MessageId, new MediaFile("name", "imageMessage", ""), Ct);

        Assert.Equal(["A2"], (await DueAsync()).Select(file => file.KeyId));
    }

    [Fact]
    public async Task One_that_was_tried_in_vain_has_its_turn_later_and_one_that_is_deleted_none()
    {
        await StoreAsync("A1");
        await StoreAsync("A2");
        var file = (await DueAsync())[0];
        var later = Now.AddHours(1);

        await Queue.PostponeAsync(file, later, Ct);

        Assert.Equal(["A2"], (await DueAsync()).Select(other => other.KeyId));
        var again = (await Queue.FindDueAsync(later, 10, Ct)).Single(other => other.KeyId == "A1");
        Assert.Equal((1, file.CreatedAt), (again.Tries, again.CreatedAt));
        await WriteAsync(new RevokeMessage(Phone, Phone, "A1") { RemovesRow = true });
        await Queue.RemoveAsync((await DueAsync())[0], Ct);
        Assert.Empty(await Queue.FindDueAsync(later, 10, Ct));
    }

    private DateTimeOffset Now => fixture.Time.GetUtcNow();

    private ValueTask<IReadOnlyList<WaitingFile>> DueAsync() => Queue.FindDueAsync(Now, 10, Ct);

    private Task StoreAsync(string id) => WriteAsync(new InsertMessage(
        Phone,
        Phone,
        new MessageRow
        {
            Id = RowId.New(TimeProvider.System),
            KeyId = id,
            RemoteJid = Phone.ToString(),
            FromMe = false,
            MessageType = "imageMessage",
            Message = "{}",
            Source = "ios",
            MessageTimestamp = 1761048000,
        })
    {
        WhenInserted = [new AwaitFile()],
    });

    private async Task WriteAsync(params IAttachedWrite[] rows)
    {
        var writes = new DeviceWriteSet();
        writes.Attached.AddRange(rows);
        await new SqliteDeviceStore(fixture.Database, fence).CommitAsync(writes, Ct);
    }
}
