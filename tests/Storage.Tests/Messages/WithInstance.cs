using Evolution.Client.Stores;
using Evolution.Storage.Instances;
using Evolution.Storage.Messages;
using Evolution.Storage.Outbox;

namespace Evolution.Storage.Tests.Messages;

/// <summary>A database with one instance, and what is written to it and read from it.</summary>
public abstract class WithInstance : IAsyncLifetime
{
    private protected StorageFixture fixture = null!;
    private protected InstanceFence fence = null!;

    private protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    private protected MessageStore Messages => new(fixture.Database);

    private protected ChatStore Chats => new(fixture.Database);

    public async ValueTask InitializeAsync()
    {
        fixture = await StorageFixture.OpenAsync();
        fence = await fixture.OwnAsync();
    }

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    private protected Task WriteAsync(params IAttachedWrite[] rows) => fixture.WriteAsync(fence, rows);

    /// <summary>The bodies of the events that wait, oldest first.</summary>
    private protected Task<List<string>> BodiesAsync() => fixture.EventBodiesAsync();

    private protected static AppendEvent Event(string body) => Outbox.OutboxFixture.Event(body);
}
