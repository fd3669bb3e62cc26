using System.Buffers;
using System.Buffers.Text;
using Evolution.Gateway.EvolutionWire;

namespace Evolution.Gateway.Media;

/// <summary>
/// A JSON text, into which a file may be set as base64. The file is read and encoded while the text is written: however large it is, little of it is
/// in memory.
/// </summary>
internal sealed class JsonBody
{
    // Whole groups of three bytes, so that the pieces of base64 fit together.
    private const int PieceLength = 48 * 1024;

    private readonly ReadOnlyMemory<byte> before;
    private readonly StoredMedia? file;
    private readonly ReadOnlyMemory<byte> after;

    private JsonBody(ReadOnlyMemory<byte> before, StoredMedia? file, ReadOnlyMemory<byte> after)
    {
        this.before = before;
        this.file = file;
        this.after = after;
    }

    /// <summary>How many bytes it has.</summary>
    public long Length => before.Length + (file is null ? 0 : (file.Length + 2) / 3 * 4) + after.Length;

    public static JsonBody Of(ReadOnlyMemory<byte> json) => new(json, null, default);

    /// <summary>Adds <c>"base64"</c> at the end of an object that has properties.</summary>
    /// <param name="json">The text.</param>
    /// <param name="end">Offset of the object's closing brace.</param>
    /// <param name="file">What to add.</param>
    public static JsonBody WithBase64(ReadOnlyMemory<byte> json, int end, StoredMedia file) => new(
        (byte[])[.. json.Span[..end], .. ",\"base64\":\""u8],
        file,
        (byte[])[.. "\""u8, .. json.Span[end..]]);

    /// <summary>Adds a text at the end of an object that has properties.</summary>
    /// <param name="json">The text.</param>
    /// <param name="end">Offset of the object's closing brace.</param>
    /// <param name="name">The property.</param>
    /// <param name="value">Its value.</param>
    /// <returns>The new text, and where the object's closing brace is now.</returns>
    public static (ReadOnlyMemory<byte> Json, int End) WithText(ReadOnlyMemory<byte> json, int end, string name, string value)
    {
        var added = WireJson.Bytes(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString(name, value);
            writer.WriteEndObject();
        }).Span[1..^1];
        return ((byte[])[.. json.Span[..end], (byte)',', .. added, .. json.Span[end..]], end + 1 + added.Length);
    }

    public async Task CopyToAsync(Stream output, CancellationToken cancellationToken)
    {
        await output.WriteAsync(before, cancellationToken);
        if (file is not null)
            await CopyFileAsync(file, output, cancellationToken);
        if (!after.IsEmpty)
            await output.WriteAsync(after, cancellationToken);
    }

    private static async Task CopyFileAsync(StoredMedia file, Stream output, CancellationToken cancellationToken)
    {
        var piece = ArrayPool<byte>.Shared.Rent(Base64.GetMaxEncodedToUtf8Length(PieceLength));
        try
        {
            await using var source = file.Open();
            int read;
            while ((read = await source.ReadAtLeastAsync(piece.AsMemory(0, PieceLength), PieceLength, throwOnEndOfStream: false, cancellationToken)) > 0)
            {
                Base64.EncodeToUtf8InPlace(piece, read, out var written);
                await output.WriteAsync(piece.AsMemory(0, written), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }
}
