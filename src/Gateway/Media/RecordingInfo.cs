namespace Evolution.Gateway.Media;

/// <summary>What is told of audio and video.</summary>
/// <param name="Format">ffmpeg's names of the container, such as <c>ogg</c> or <c>mov,mp4,m4a,3gp,3g2,mj2</c>.</param>
/// <param name="Seconds">How long it plays, to the nearest second and at least 1; null when the file doesn't say.</param>
/// <param name="AudioCodec">ffmpeg's name of the codec of its first sound; null when it has none.</param>
/// <param name="Picture">Pixels of its moving picture as it is seen, upright; null when it has none. The picture on a record's sleeve is none.</param>
internal sealed record RecordingInfo(string Format, int? Seconds, string? AudioCodec, (int Width, int Height)? Picture)
{
    /// <summary>The MIME type of sound that every phone plays; null for everything else.</summary>
    public string? PlayableAudio => Picture is not null ? null : (Format.Split(',')[0], AudioCodec) switch
    {
        ("mp3", "mp3") => "audio/mpeg",
        ("aac", "aac") => "audio/aac",
        ("mov", "aac") => "audio/mp4",
        ("ogg", "opus") => OggOpus.Mimetype,
        ("amr", "amr_nb" or "amr_wb") => "audio/amr",
        _ => null,
    };
}
