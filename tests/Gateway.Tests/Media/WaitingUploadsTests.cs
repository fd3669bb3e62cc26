using System.Collections.Concurrent;
using Evolution.Client.Stores;
using Evolution.Client.Tests;
using Evolution.Gateway.Media;
using Evolution.Gateway.Tests.EndToEnd;
using Evolution.Protocol.Jids;
using Evolution.Storage;
using Evolution.Storage.Database;
using Evolution.Storage.Devices;
using Evolution.Storage.Instances;
using Evolution.Storage.Messages;
using Microsoft.Extensions.DependencyInjection;
using RunningGateway = Evolution.Gateway.Tests.Support.RunningGateway;

namespace Evolution.Gateway.Tests.Media;

/// <summary>Files that wait for the object store, by a clock that is moved on.</summary>
public sealed class WaitingUploadsTests : IAsyncLifetime
{
    private readonly WaitedClock clock = new();
    private readonly Store store = new();
    private RunningGateway gateway = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private MessageStore Messages => gateway.Services.GetRequiredService<MessageStore>();

    public async ValueTask InitializeAsync()
    {
        gateway = await RunningGateway.StartAsync(
            services => services.AddSingleton<TimeProvider>(clock).AddSingleton<IObjectStorage>(store), Stop, S3Server.SettingsFor(9));
        await gateway.CreateAsync("sales", Stop);
    }

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Fact(Timeout = TestLimit.Ms)]
    public async Task They_are_put_once_it_is_back_without_a_restart()
    {
        await StoreAsync("3A01", isKept: true);
        await StoreAsync("3A02", isKept: true);
        await MoveOnAsync(() => store.Refused > 2);
        Assert.Empty(store.Objects);

        store.IsBack = true;

        await MoveOnAsync(async () => (await RowAsync("3A01")).MediaObject is not null && (await RowAsync("3A02")).MediaObject is not null);
        Assert.Equal(2, store.Objects.Count);
        Assert.All(new[] { await RowAsync("3A01"), await RowAsync("3A02") }, row => Assert.Contains(row.MediaObject!, store.Objects));
        Assert.Empty(await DueAsync());
    }

    [Fact(Timeout = TestLimit.Ms)]
    public async Task One_that_nobody_has_any_more_holds_up_no_other_and_is_given_up_after_two_weeks()
    {
        store.IsBack = true;
        await StoreAsync("3A01", isKept: false);
        await StoreAsync("3A02", isKept: true);

        await MoveOnAsync(async () => (await RowAsync("3A02")).MediaObject is not null);
        Assert.Null((await RowAsync("3A01")).MediaObject);
        Assert.Equal("3A01", Assert.Single(await DueAsync()).KeyId);

        clock.Advance(TimeSpan.FromDays(14));
        await MoveOnAsync(async () => (await DueAsync()).Count == 0);
        Assert.Single(store.Objects);
    }

    private async Task<MessageRow> RowAsync(string id) => (await Messages.FindByKeyAsync(gateway.InstanceOf("sales").Id, id, null, Stop))!;

    private ValueTask<IReadOnlyList<WaitingFile>> DueAsync() =>
        gateway.Services.GetRequiredService<FileQueue>().FindDueAsync(DateTimeOffset.MaxValue.AddYears(-1), 10, Stop);

    private Task MoveOnAsync(Func<bool> isReached) => MoveOnAsync(() => Task.FromResult(isReached()));

    // Each time until whoever puts them waits again.
    private async Task MoveOnAsync(Func<Task<bool>> isReached)
    {
        while (!await isReached())
        {
            var waiting = clock.WaitedAsync(PublishedFiles.Rest);
            clock.Advance(PublishedFiles.Rest);
            await waiting;
        }
    }

    private async Task StoreAsync(string id, bool isKept)
    {
        var bytes = System.Text.Encoding.ASCII.GetBytes(id);
        var hash = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(bytes));
        var instance = gateway.InstanceOf("sales");
        if (isKept)
            MediaStore.Claim(instance.Id, await gateway.Services.GetRequiredService<MediaStore>().AddAsync(new MemoryStream(bytes), 100, Stop));
        var row = new MessageRow
        {
            Id = RowId.New(TimeProvider.System),
            KeyId = id,
            RemoteJid = "5511999990001@s.whatsapp.net",
            FromMe = false,
            MessageType = "imageMessage",
            Message = $$"""{"imageMessage":{"directPath":"/v/{{id}}","mimetype":"image/jpeg","mediaKey":"{{hash}}","fileSha256":"{{hash}}","fileEncSha256":"{{hash}}","fileLength":"4"} }""",
            Source = "ios",
            MessageTimestamp = 1761048000,
        };
        var ownership = gateway.Services.GetRequiredService<InstanceOwnership>();
        var device = new SqliteDeviceStore(gateway.Services.GetRequiredService<SqliteDatabase>(), await ownership.AcquireAsync(instance.Id, Stop));
        var writes = new DeviceWriteSet();
        writes.Attached.Add(new InsertMessage(Jid.ForPhone("5511999990001"), Jid.ForPhone("5511999990001"), row) { WhenInserted = [new AwaitFile()] });
        await device.CommitAsync(writes, Stop);
    }

    /// <summary>A store that takes nothing until it is back.</summary>
    private sealed class Store : IObjectStorage
    {
        private int refused;

        public volatile bool IsBack;

        public int Refused => Volatile.Read(ref refused);

        public ConcurrentDictionary<string, bool> Names { get; } = new(StringComparer.Ordinal);

        public ICollection<string> Objects => Names.Keys;

        public string Description => "a store";

        public Task PrepareAsync(CancellationToken cancellationToken) => AnswerAsync();

        public async Task PutAsync(string name, StoredMedia file, string mimetype, string? fileName, CancellationToken cancellationToken)
        {
            await AnswerAsync();
            Assert.True(Names.TryAdd(name, true), $"{name} came twice");
        }

        public Task<Stream?> OpenAsync(string name, CancellationToken cancellationToken) => Task.FromResult<Stream?>(null);

        public Uri AddressOf(string name) => new($"http://store.example/{name}");

        private Task AnswerAsync()
        {
            if (IsBack)
                return Task.CompletedTask;
            Interlocked.Increment(ref refused);
            throw new ObjectStorageException("away", null!);
        }
    }
}
