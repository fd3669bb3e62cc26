namespace Evolution.Protocol.Media;

/// <summary>What a file's keys are for. Stickers count as images, video notes as videos, voice notes as audio.</summary>
public enum MediaKind
{
    /// <summary>An image or a sticker.</summary>
    Image,

    /// <summary>A video, a GIF (which is a video) or a video note.</summary>
    Video,

    /// <summary>Audio, a voice note included.</summary>
    Audio,

    /// <summary>A document of any type.</summary>
    Document,

    /// <summary>A piece of history that the phone shares.</summary>
    History,
}
