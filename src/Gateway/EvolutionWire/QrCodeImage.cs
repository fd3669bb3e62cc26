using QRCoder;

namespace Evolution.Gateway.EvolutionWire;

/// <summary>Draws QR codes as Evolution does: error correction H, margin 3, four pixels a module.</summary>
internal static class QrCodeImage
{
    private const int PixelsPerModule = 4;
    private const int MarginModules = 3;

    // The library draws a margin of four modules or none.
    private const int LibraryMarginModules = 4;

    /// <param name="text">What to encode.</param>
    /// <param name="color">Dark colour, <c>#rrggbb</c>.</param>
    /// <returns>A data URL of a PNG.</returns>
    public static string DataUrl(string text, string color)
    {
        using var generator = new QRCodeGenerator();
        using var data = generator.CreateQrCode(text, QRCodeGenerator.ECCLevel.H);
        // The matrix includes the quiet zone; one ring of it is cut off.
        var excess = LibraryMarginModules - MarginModules;
        var matrix = data.ModuleMatrix;
        matrix.RemoveRange(0, excess);
        matrix.RemoveRange(matrix.Count - excess, excess);
        for (var i = 0; i < matrix.Count; i++)
        {
            var row = matrix[i];
            var cut = new System.Collections.BitArray(row.Length - (2 * excess));
            for (var column = 0; column < cut.Length; column++)
                cut[column] = row[column + excess];
            matrix[i] = cut;
        }

        using var png = new PngByteQRCode(data);
        return "data:image/png;base64," + Convert.ToBase64String(png.GetGraphic(PixelsPerModule, Convert.FromHexString(color.AsSpan(1)), [255, 255, 255]));
    }
}
