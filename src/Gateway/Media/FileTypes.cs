using Microsoft.AspNetCore.StaticFiles;

namespace Evolution.Gateway.Media;

/// <summary>What kind of file something is: by its name, by its MIME type, by its first bytes.</summary>
internal static class FileTypes
{
    /// <summary>How many of the first bytes <see cref="Sniff"/> looks at.</summary>
    public const int SniffLength = 64;

    private const string Unknown = "application/octet-stream";

    private static readonly FileExtensionContentTypeProvider ByName = Names();

    // Where several extensions share a type, the one that people know.
    private static readonly Dictionary<string, string> Preferred = new(StringComparer.OrdinalIgnoreCase)
    {
        ["image/jpeg"] = "jpeg",
        ["image/png"] = "png",
        ["image/webp"] = "webp",
        ["image/gif"] = "gif",
        ["video/mp4"] = "mp4",
        ["audio/mpeg"] = "mp3",
        ["audio/mp4"] = "m4a",
        ["audio/ogg"] = "oga",
        ["audio/wav"] = "wav",
        ["text/plain"] = "txt",
        [Unknown] = "bin",
    };

    /// <summary>The MIME type of a file name; null when its extension is not known.</summary>
    public static string? OfName(string? fileName) =>
        fileName is not null && ByName.TryGetContentType(fileName, out var type) ? type == "application/mp4" ? "video/mp4" : type : null;

    /// <summary>An extension for a MIME type, without a dot; <c>bin</c> when there is none.</summary>
    public static string ExtensionOf(string mimetype)
    {
        var type = mimetype.Split(';')[0].Trim();
        if (Preferred.TryGetValue(type, out var known))
            return known;
        var found = ByName.Mappings.FirstOrDefault(pair => string.Equals(pair.Value, type, StringComparison.OrdinalIgnoreCase)).Key;
        return found is null ? Preferred[Unknown] : found[1..];
    }

    /// <summary>The MIME type that the first bytes of a file show; null when they show none.</summary>
    public static string? Sniff(ReadOnlySpan<byte> start) => start switch
    {
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => "image/png",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => "image/gif",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => "image/webp",
        [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'A', (byte)'V', (byte)'E', ..] => "audio/wav",
        [(byte)'O', (byte)'g', (byte)'g', (byte)'S', ..] => "audio/ogg",
        [(byte)'I', (byte)'D', (byte)'3', ..] => "audio/mpeg",
        [0xFF, 0xFB or 0xF3 or 0xF2, ..] => "audio/mpeg",
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => "application/pdf",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', (byte)'M', (byte)'4', (byte)'A', ..] => "audio/mp4",
        [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => "video/mp4",
        [0x1A, 0x45, 0xDF, 0xA3, ..] => "video/webm",
        _ => null,
    };

    private static FileExtensionContentTypeProvider Names()
    {
        var names = new FileExtensionContentTypeProvider();
        names.Mappings[".opus"] = "audio/ogg";
        names.Mappings[".oga"] = "audio/ogg";
        names.Mappings[".ogg"] = "audio/ogg";
        names.Mappings[".m4a"] = "audio/mp4";
        names.Mappings[".webp"] = "image/webp";
        names.Mappings[".md"] = "text/markdown";
        return names;
    }
}
