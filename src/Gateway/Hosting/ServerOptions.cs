namespace Evolution.Gateway.Hosting;

/// <summary>How the gateway listens and where it keeps what it must not lose.</summary>
internal sealed record ServerOptions
{
    /// <summary>TCP port; 0 takes any free one. Default 8080.</summary>
    public required int Port { get; init; }

    /// <summary>Address to listen on. Default: all.</summary>
    public required string BindAddress { get; init; }

    /// <summary>Public base address, as it was set; goes into event envelopes. Null when unset.</summary>
    public required string? Url { get; init; }

    /// <summary>Name shown by <c>GET /</c>.</summary>
    public required string ClientName { get; init; }

    /// <summary>Folder for database and media. Default <c>./data</c>.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The global key; null means one is made and kept in the data folder.</summary>
    public required string? ApiKey { get; init; }

    /// <summary>Put the instance token into event envelopes.</summary>
    public required bool ExposeTokenInEvents { get; init; }

    /// <summary>Lowest level that is logged.</summary>
    public required LogLevel LogLevel { get; init; }
}
