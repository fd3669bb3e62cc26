using System.Text.Json;

namespace Evolution.Protocol.Tests.Vectors;

/// <summary>Vectors that the scripts under tools/vectors recorded from other implementations.</summary>
internal static class VectorFile
{
    public static JsonElement Read(string name)
    {
        using var stream = typeof(VectorFile).Assembly.GetManifestResourceStream($"Vectors/{name}")
            ?? throw new FileNotFoundException("The vector file is not embedded.", name);
        return JsonDocument.Parse(stream).RootElement;
    }

    public static byte[] Hex(this JsonElement element, string name) => Convert.FromHexString(element.GetProperty(name).GetString()!);

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    public static uint Number(this JsonElement element, string name) => element.GetProperty(name).GetUInt32();
}
