using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Evolution.Gateway.EvolutionWire;

/// <summary>How JSON is written for clients of Evolution: compact, text left as it is (they compare bodies of names with accents).</summary>
internal static class WireJson
{
    /// <summary>Text that needs no escape in JSON is not escaped; nothing here is ever put into HTML.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>
    /// How deep JSON with a message in it may be. What arrives is nested a hundred levels at most, of which some become two; the default of 64 would
    /// make a message with many quotes inside each other one that can be stored and not be read.
    /// </summary>
    public const int MaxDepth = 256;

    /// <summary>Reads JSON of ours that has a message in it.</summary>
    public static JsonDocument Parse(string json) => JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });

    /// <inheritdoc cref="Parse(string)"/>
    public static JsonDocument Parse(ReadOnlyMemory<byte> json) => JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });

    /// <summary>Runs <paramref name="write"/> and returns what it wrote.</summary>
    public static ReadOnlyMemory<byte> Bytes(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, WriterOptions))
            write(writer);
        return buffer.WrittenMemory;
    }

    /// <summary>Writes a time as JavaScript's <c>toISOString</c> does: UTC with milliseconds.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");

    /// <summary>Writes <paramref name="value"/>, or null.</summary>
    public static void WriteStringOrNull(this Utf8JsonWriter writer, string name, string? value)
    {
        if (value is null)
            writer.WriteNull(name);
        else
            writer.WriteString(name, value);
    }
}
