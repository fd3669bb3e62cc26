using System.Net;
using System.Net.Http.Headers;

namespace Evolution.Client.Media;

/// <summary>A spool file as a request's body, from its beginning each time it is sent.</summary>
internal sealed class SpooledContent : HttpContent
{
    private const int PieceLength = 64 * 1024;

    private readonly FileStream file;
    private readonly StallGuard guard;

    public SpooledContent(FileStream file, StallGuard guard)
    {
        this.file = file;
        this.guard = guard;
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => CopyAsync(stream, guard.Token);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        CopyAsync(stream, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = file.Length;
        return true;
    }

    private async Task CopyAsync(Stream stream, CancellationToken ct)
    {
        file.Position = 0;
        var piece = new byte[PieceLength];
        int read;
        while ((read = await file.ReadAsync(piece, ct).ConfigureAwait(false)) > 0)
        {
            await stream.WriteAsync(piece.AsMemory(0, read), ct).ConfigureAwait(false);
            guard.Progress();
        }
    }
}
