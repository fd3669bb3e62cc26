using Evolution.Proto;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>What has to be in the chat before a message makes sense.</summary>
internal enum Earlier
{
    Nothing,

    /// <summary>A text by the same side.</summary>
    OwnText,

    /// <summary>A text by the other side.</summary>
    OthersText,

    /// <summary>A poll by the other side.</summary>
    OthersPoll,

    /// <summary>A picture by the same side.</summary>
    OwnImage,

    /// <summary>A video by the same side.</summary>
    OwnVideo,
}

/// <summary>The message that a later one answers to or changes.</summary>
/// <param name="IsOwn">Whether the side that sends the later one wrote it.</param>
/// <param name="Content">The content, as the side that sends the later one has it.</param>
internal sealed record EarlierMessage(string Id, bool IsOwn, Message Content);
