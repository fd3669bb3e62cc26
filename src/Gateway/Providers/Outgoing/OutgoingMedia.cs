using Evolution.Gateway.Media;

namespace Evolution.Gateway.Providers.Outgoing;

/// <summary>A file, as it shall be sent: what has to be converted has been.</summary>
/// <param name="Kind">How phones show it.</param>
/// <param name="File">The file.</param>
/// <param name="Mimetype">What it is.</param>
internal sealed record OutgoingMedia(OutgoingMediaKind Kind, StoredMedia File, string Mimetype) : OutgoingContent
{
    /// <summary>The name under which a document is saved.</summary>
    public string? FileName { get; init; }

    /// <summary>The text beneath; not for audio and stickers.</summary>
    public string? Caption { get; init; }

    /// <summary>Pixels; null when not known.</summary>
    public int? Width { get; init; }

    /// <inheritdoc cref="Width"/>
    public int? Height { get; init; }

    /// <summary>How long it plays, in whole seconds; null when not known.</summary>
    public int? Seconds { get; init; }

    /// <summary>A small JPEG that is shown until the file is there; null for none.</summary>
    public byte[]? Thumbnail { get; init; }

    /// <summary>Loudness over the time of a voice note: 64 values of 0 to 100; null when not known.</summary>
    public byte[]? Waveform { get; init; }

    /// <summary>Whether a sticker moves.</summary>
    public bool IsAnimated { get; init; }
}
