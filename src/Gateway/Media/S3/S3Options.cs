namespace Evolution.Gateway.Media.S3;

/// <summary>An S3-compatible store, and who may use it.</summary>
/// <param name="Endpoint">Scheme, host and port.</param>
/// <param name="Bucket">Made when it is missing; never opened to the public.</param>
/// <param name="Region">What signatures are made for.</param>
internal sealed record S3Options(Uri Endpoint, string Bucket, string Region, string AccessKey, string SecretKey)
{
    /// <summary>Whether videos are put there too.</summary>
    public bool SavesVideo { get; init; }

    // Records print all they have.
    public override string ToString() => $"{Endpoint} {Bucket}";
}
