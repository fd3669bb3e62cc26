namespace Evolution.Gateway.Providers.Outgoing;

/// <summary>What is shown under a text with a link.</summary>
/// <param name="MatchedText">The link as it stands in the text.</param>
/// <param name="Title">Title of the page.</param>
/// <param name="Description">Its description, when it has one.</param>
internal sealed record LinkPreview(string MatchedText, string Title, string? Description)
{
    /// <summary>A small JPEG of the page's picture; null for none.</summary>
    public byte[]? Thumbnail { get; init; }
}
