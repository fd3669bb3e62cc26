namespace Evolution.Gateway.Instances;

/// <summary>How instances present themselves to WhatsApp, and where WhatsApp is.</summary>
internal sealed record DeviceOptions
{
    /// <summary>Name in the phone's list of linked devices. Default <c>Evolution API</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Browser shown beside it. Default Chrome.</summary>
    public required string Browser { get; init; }

    /// <summary>WhatsApp Web version to present, such as <c>2.3000.1027934701</c>; null takes the newest known.</summary>
    public required string? WebVersion { get; init; }

    /// <summary>QR codes shown before a connection attempt is given up. Default 30.</summary>
    public required int QrCodeLimit { get; init; }

    /// <summary>Dark colour of QR code images, <c>#rrggbb</c>.</summary>
    public required string QrCodeColor { get; init; }

    /// <summary>Minutes after its creation at which an instance that is not open is deleted; null never.</summary>
    public required int? DeleteUnpairedAfterMinutes { get; init; }

    /// <summary>WhatsApp's WebSocket; null is the real one.</summary>
    public required Uri? WebSocketUrl { get; init; }

    /// <summary>Key that server certificates lead to, 32 bytes; null is the pinned production key.</summary>
    public required ReadOnlyMemory<byte>? NoiseRootKey { get; init; }

    /// <summary>Certificate (PEM) of the authority that vouches for media hosts; null trusts the system's.</summary>
    public required string? MediaCaPem { get; init; }
}
