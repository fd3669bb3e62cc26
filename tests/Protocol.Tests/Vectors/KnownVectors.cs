using System.Text.Json;

namespace Evolution.Protocol.Tests.Vectors;

/// <summary>
/// The known answers in <c>Vectors/Known</c>, or those of the folder that VECTORS_DIR names: then every file is read from there, one that is
/// missing there is left out, and files we do not know are ignored.
/// </summary>
internal static class KnownVectors
{
    // Stanzas are nested deeper than JSON readers like.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 1_000 };

    private static readonly string? Folder = Environment.GetEnvironmentVariable("VECTORS_DIR") is { Length: > 0 } folder ? folder : null;

    /// <summary>The file; null when VECTORS_DIR has none of that name.</summary>
    public static JsonElement? Find(string file)
    {
        if (Folder is not null)
            return Path.Combine(Folder, file) is var path && File.Exists(path) ? Read(file, File.OpenRead(path)) : null;
        return Read(file, typeof(KnownVectors).Assembly.GetManifestResourceStream($"Known/{file}")
            ?? throw new FileNotFoundException("The vector file is not embedded.", file));
    }

    /// <summary>A value of a file whose cases are being run.</summary>
    public static JsonElement Value(string file, string name) => Find(file)!.Value.GetProperty(name);

    private static JsonElement Read(string file, Stream stream)
    {
        using (stream)
        {
            try
            {
                return JsonDocument.Parse(stream, Options).RootElement;
            }
            catch (JsonException e)
            {
                throw new InvalidDataException($"{file} cannot be read.", e);
            }
        }
    }
}
