using Evolution.Client.Connection;
using Evolution.Client.Dispatch;
using Evolution.Client.Stores;
using Microsoft.Extensions.Logging;

namespace Evolution.Client;

/// <summary>What every feature of one device shares. It lives as long as the client, over all its connections.</summary>
internal sealed record ClientContext
{
    public required WhatsAppClientOptions Options { get; init; }

    /// <summary>The store behind the bounded caches; every commit goes through it.</summary>
    public required IDeviceStore Store { get; init; }

    public required DeviceState State { get; init; }

    public required IStanzaChannel Channel { get; init; }

    public required RatchetLocks Ratchets { get; init; }

    /// <summary>The application's handler. Await it; what it adds to the write set is committed with the rest.</summary>
    public required WhatsAppEventHandler Handler { get; init; }

    /// <summary>Tasks that outlive a stanza's handling; they end with the client.</summary>
    public required BackgroundWork Background { get; init; }

    /// <summary>What the server says about the account.</summary>
    public AccountSettings Account { get; } = new();

    public required ServerClock Clock { get; init; }

    public required TimeProvider Time { get; init; }

    public required ILoggerFactory Loggers { get; init; }

    /// <summary>Gives an event that belongs to no stanza to the application, and commits what it adds.</summary>
    public async Task PublishAsync(WhatsAppEvent e, CancellationToken ct)
    {
        var writes = new DeviceWriteSet();
        await Handler(e, writes, ct).ConfigureAwait(false);
        if (!writes.IsEmpty)
            await Store.CommitAsync(writes, ct).ConfigureAwait(false);
    }
}
