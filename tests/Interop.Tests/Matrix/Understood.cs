using System.Text.Json.Nodes;
using Evolution.Proto;
using Google.Protobuf;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>Finds what of a content that was given is missing or different in what was read.</summary>
internal static class Understood
{
    // Whom a key names is told from the point of view of who reads it; times and secrets are made by the sender.
    private static readonly string[] s_relative = ["ey.remoteJid", "ey.fromMe", "ey.participant", "timestampMs", "senderTimestampMs", "messageSecret", "vote.encIv", "vote.encPayload"];

    /// <param name="dropped">Paths that the sender drops of what it is given.</param>
    /// <returns>One line for each difference.</returns>
    public static IReadOnlyList<string> Differences(Message given, Message read, IReadOnlyList<string> dropped)
    {
        var found = new List<string>();
        // WhatsApp's own clients wrap an edit, Baileys sends it bare.
        var content = given.EditedMessage is null && read.EditedMessage?.Message is { } edit ? edit : read;
        Compare("", Json(given), Json(content), found);
        return [.. found.Where(line => !dropped.Any(path => line.StartsWith(path + ":", StringComparison.Ordinal)))];
    }

    private static JsonNode Json(Message message) => JsonNode.Parse(JsonFormatter.Default.Format(message))!;

    private static void Compare(string path, JsonNode? given, JsonNode? read, List<string> found)
    {
        if (s_relative.Any(end => path.EndsWith(end, StringComparison.Ordinal)))
            return;
        switch (given)
        {
            case JsonObject fields:
                foreach (var (name, value) in fields)
                    Compare(path.Length == 0 ? name : $"{path}.{name}", value, (read as JsonObject)?[name], found);
                break;
            case JsonArray items:
                if (read is not JsonArray others || others.Count != items.Count)
                    found.Add($"{path}: {items.Count} given, read {read?.ToJsonString() ?? "nothing"}");
                else
                    for (var i = 0; i < items.Count; i++)
                        Compare($"{path}[{i}]", items[i], others[i], found);
                break;
            default:
                if (given?.ToJsonString() != read?.ToJsonString() && !(read is null && IsDefault(given)))
                    found.Add($"{path}: {given?.ToJsonString()} given, read {read?.ToJsonString() ?? "nothing"}");
                break;
        }
    }

    // Some clients do not write what is 0, false or empty.
    private static bool IsDefault(JsonNode? value) => value?.ToJsonString() is "0" or "\"0\"" or "false" or "\"\"";
}
