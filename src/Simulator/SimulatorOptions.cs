using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Evolution.Simulator;

/// <summary>Where the simulator listens, where it keeps what it knows, and how patient it is with old clients.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Port of the WebSocket and the control API; 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>Port of the media host; 0 takes any free one. Null takes the one after <see cref="Port"/>, or any when that is 0.</summary>
    public int? MediaPort { get; init; }

    /// <summary>Loopback unless told otherwise: the simulator authenticates nobody on its control API.</summary>
    public IPAddress BindAddress { get; init; } = IPAddress.Loopback;

    /// <summary>Folder of <c>simulator.db</c>; made when missing, readable by its owner only.</summary>
    public required string DataDir { get; init; }

    /// <summary>
    /// Wait between the end of the handshake and the first stanza. Baileys 7.0.0-rc.6 derives its keys asynchronously and loses a frame
    /// that comes sooner than about 50 ms (200 ms is safe for it); 0 suits every newer client.
    /// </summary>
    public TimeSpan FirstFrameDelay { get; init; } = TimeSpan.Zero;

    /// <summary>Wait between the accepted pairing and stream error 515. Baileys 7.0.0-rc.6 needs about 500 ms.</summary>
    public TimeSpan PairSuccessDelay { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How many stanzas that waited for a client are on their way to it before it must acknowledge some; its own <c>offline_batch</c> changes that
    /// (at most 1,000). Null sends them without waiting, and asks for more of a client than WhatsApp does.
    /// </summary>
    public int? OfflinePage { get; init; } = 100;

    /// <summary>Drives every timestamp and wait.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;
}
