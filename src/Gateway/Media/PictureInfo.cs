namespace Evolution.Gateway.Media;

/// <summary>What is told of a picture.</summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels; of one frame where it has several.</param>
/// <param name="Thumbnail">A JPEG of at most 72 pixels each way.</param>
internal sealed record PictureInfo(int Width, int Height, byte[] Thumbnail)
{
    /// <summary>Whether it has several frames.</summary>
    public bool IsAnimated { get; init; }
}
