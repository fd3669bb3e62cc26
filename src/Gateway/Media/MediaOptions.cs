namespace Evolution.Gateway.Media;

/// <summary>What files may be, and where they may come from.</summary>
/// <param name="MaxBytes">The largest file that is sent, fetched or kept.</param>
/// <param name="FetchesFromPrivateAddresses">Whether an address of media may lead into the own network.</param>
internal sealed record MediaOptions(long MaxBytes, bool FetchesFromPrivateAddresses)
{
    /// <summary>Larger files are not put into events and send answers: no receiver reads a text of that size.</summary>
    public const long MaxBase64Bytes = 100L * 1024 * 1024;
}
