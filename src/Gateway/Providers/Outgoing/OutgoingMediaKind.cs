namespace Evolution.Gateway.Providers.Outgoing;

/// <summary>How phones show a file.</summary>
internal enum OutgoingMediaKind
{
    Image,
    Video,

    /// <summary>A round video note (PTV).</summary>
    VideoNote,

    /// <summary>Music and the like.</summary>
    Audio,

    /// <summary>A voice note.</summary>
    Voice,

    Document,
    Sticker,
}
