using System.Text.Json.Nodes;
using Evolution.Proto;
using Google.Protobuf;

namespace Evolution.Interop.Tests.Matrix;

/// <summary>Finds what of a content that was given is missing or different in what was read.</summary>
internal static class Understood
{
    // Whom a key names is told from the point of view of who reads it; times and secrets are made by the sender.
    private static readonly string[] s_relative = ["ey.remoteJid", "ey.fromMe", "ey.participant", "timestampMs", "senderTimestampMs", "messageSecret", "messageParamsJson", "vote.encIv", "vote.encPayload"];

    public static IReadOnlyList<Difference> Differences(Message given, Message read)
    {
        var found = new List<Difference>();
        // WhatsApp's own clients wrap an edit, Baileys sends it bare.
        var content = given.EditedMessage is null && read.EditedMessage?.Message is { } edit ? edit : read;
        Compare("", Json(given), Json(content), found);
        return found;
    }

    private static JsonNode Json(Message message) => JsonNode.Parse(JsonFormatter.Default.Format(message))!;

    private static void Compare(string path, JsonNode? given, JsonNode? read, List<Difference> found)
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
                    found.Add(new Difference(path, $"{items.Count} of them", read?.ToJsonString()));
                else
                    for (var i = 0; i < items.Count; i++)
                        Compare($"{path}[{i}]", items[i], others[i], found);
                break;
            default:
                if (given?.ToJsonString() != read?.ToJsonString() && !(read is null && IsDefault(given)))
                    found.Add(new Difference(path, given?.ToJsonString(), read?.ToJsonString()));
                break;
        }
    }

    // Some clients do not write what is 0, false or empty.
    private static bool IsDefault(JsonNode? value) => value?.ToJsonString() is "0" or "\"0\"" or "false" or "\"\"";

    /// <param name="Path">The field.</param>
    /// <param name="Given">What the sender was given.</param>
    /// <param name="Read">What the reader found; null for nothing.</param>
    internal sealed record Difference(string Path, string? Given, string? Read)
    {
        public override string ToString() => $"{Path}: {Given} given, read {Read ?? "nothing"}";
    }
}
