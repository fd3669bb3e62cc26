using Evolution.Gateway.Media;

namespace Evolution.Gateway.Api;

/// <summary>A file that came with a form.</summary>
/// <param name="File">Where it lies now.</param>
/// <param name="FileName">As the client named it; null when it did not.</param>
/// <param name="Mimetype">What the client said it is; null when it said nothing.</param>
internal sealed record Upload(StoredMedia File, string? FileName, string? Mimetype);
