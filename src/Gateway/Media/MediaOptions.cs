using Evolution.Gateway.Media.S3;

namespace Evolution.Gateway.Media;

/// <summary>What files may be, where they may come from, and what converts them.</summary>
/// <param name="MaxBytes">The largest file that is sent, fetched or kept.</param>
/// <param name="FetchesFromPrivateAddresses">Whether an address of media may lead into the own network.</param>
internal sealed record MediaOptions(long MaxBytes, bool FetchesFromPrivateAddresses)
{
    /// <summary>Larger files are not put into events and send answers: no receiver reads a text of that size.</summary>
    public const long MaxBase64Bytes = 100L * 1024 * 1024;

    /// <summary>Where files of messages are put for clients to fetch; null for nowhere.</summary>
    public S3Options? S3 { get; init; }

    /// <summary>Whether ffmpeg may be used where it is installed.</summary>
    public bool UsesFfmpeg { get; init; } = true;

    /// <summary>The program, an absolute path; null looks for it in the folders of PATH.</summary>
    public string? FfmpegPath { get; init; }
}
