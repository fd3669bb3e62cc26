using Evolution.Gateway.Media;

namespace Evolution.Gateway.Api.Messages;

/// <summary>What a request names as its file.</summary>
internal sealed record MediaInput
{
    /// <summary>The file; null while it is only an address.</summary>
    public StoredMedia? File { get; init; }

    /// <summary>Where to fetch it; null when it came with the request.</summary>
    public Uri? Address { get; init; }

    /// <summary>Whether it was base64 in the body: then nothing is known but the bytes.</summary>
    public bool IsBase64 { get; init; }

    /// <summary>The name it came with.</summary>
    public string? FileName { get; init; }

    /// <summary>The MIME type it came with.</summary>
    public string? Mimetype { get; init; }
}
