using System.Globalization;
using System.Text.Json.Nodes;
using Evolution.Proto;
using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;
using Google.Protobuf;

namespace Evolution.Interop.Tests.Comparison;

/// <summary>
/// The structure of a stanza or protobuf message as paths with values, without what differs by chance: ids, times, keys, ciphertexts and the
/// order of attributes. Two clients that do the same have the same paths and values.
/// </summary>
/// <param name="Key">What kind of thing it is; only things of one kind are compared with each other.</param>
/// <param name="Facts">Values by path, <c>@</c> before an attribute, <c>#</c> for content, <c>/*</c> for the order of children.</param>
internal sealed record Shape(string Key, IReadOnlyDictionary<string, string> Facts)
{
    private static readonly HashSet<string> s_chanceAttributes = ["id", "sid", "t", "timestamp"];
    private static readonly HashSet<string> s_chanceFields =
    [
        "eRegid", "eIdent", "eSkeyVal", "eSkeySig", "deviceProps", "messageSecret",
        "id", "url", "directPath", "mediaKey", "fileEncSha256", "mediaKeyTimestamp", "timestampMs", "senderTimestampMs", "messageParamsJson",
        "senderKeyHash", "senderTimestamp", "recipientKeyHash", "recipientTimestamp",
    ];

    public static Shape Of(Node stanza)
    {
        var facts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Describe(facts, "", stanza);
        string?[] words = [stanza["type"], stanza["xmlns"], stanza["class"], stanza["category"], stanza.Children.Count > 0 ? stanza.Children[0].Tag : null];
        return new Shape($"{stanza.Tag}[{string.Join(' ', words.Where(word => word is not null))}]", facts);
    }

    public static Shape Of(ClientPayload payload)
    {
        var facts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Describe(facts, "", JsonNode.Parse(JsonFormatter.Default.Format(payload))!);
        if (payload.DevicePairingData is { } pairing)
            Describe(facts, "deviceProps.", JsonNode.Parse(JsonFormatter.Default.Format(DeviceProps.Parser.ParseFrom(pairing.DeviceProps)))!);
        return new Shape("payload", facts);
    }

    /// <summary>A decrypted message.</summary>
    public static Shape Of(string key, Message content)
    {
        var facts = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Describe(facts, "", JsonNode.Parse(JsonFormatter.Default.Format(content))!);
        return new Shape(key, facts);
    }

    /// <summary>A QR code's text: what stands before the fields, and how long each is.</summary>
    public static Shape OfQr(string text)
    {
        var fields = text.Split(',');
        var first = fields[0].LastIndexOf('#') + 1;
        var facts = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["prefix"] = fields[0][..first] };
        for (var i = 1; i < fields.Length; i++)
            facts[$"field {i}"] = fields[i].Length == 44 ? "32 bytes" : fields[i];
        return new Shape("qr", facts);
    }

    private static void Describe(IDictionary<string, string> facts, string path, Node node)
    {
        foreach (var (name, value) in node.Attributes)
            facts[$"{path}@{name}"] = s_chanceAttributes.Contains(name) ? "*" : Address(value);
        if (node.Kind is NodeContentKind.Bytes or NodeContentKind.Text)
            facts[$"{path}#"] = Content(path, node);
        if (node.Kind != NodeContentKind.Children)
            return;
        facts[$"{path}/*"] = string.Join(' ', node.Children.Select(child => child.Tag).Distinct());
        foreach (var group in node.Children.GroupBy(child => $"{path}/{child.Tag}{(child["jid"] is { } jid ? $"[{Address(jid)}]" : "")}"))
        {
            // Many of one kind, such as keys, differ by chance alone: they are told once, with their number.
            var kinds = group.Select(child =>
            {
                var own = new SortedDictionary<string, string>(StringComparer.Ordinal);
                Describe(own, group.Key, child);
                return own;
            }).DistinctBy(own => string.Join('\n', own)).ToList();
            facts[$"{group.Key}*"] = group.Count().ToString(CultureInfo.InvariantCulture);
            foreach (var (own, index) in kinds.Select((own, index) => (own, index)))
            {
                foreach (var (name, value) in own)
                    facts[index == 0 ? name : $"{name} ({index + 1})"] = value;
            }
        }
    }

    private static string Content(string path, Node node)
    {
        var bytes = node.Bytes.Span;
        if (path.EndsWith("/enc", StringComparison.Ordinal) || path.EndsWith("/device-identity", StringComparison.Ordinal))
            return "bytes";
        if (!bytes.IsEmpty && !bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
            return node.Text!;
        var byChance = path is "/registration" || path.EndsWith("/key/id", StringComparison.Ordinal);
        return bytes.Length <= 4 && !byChance ? Convert.ToHexStringLower(bytes) : $"{bytes.Length} bytes";
    }

    /// <summary>One form for an address: device 0 is not written, a server alone has no @, and a group's number is chance.</summary>
    private static string Address(string value) =>
        !value.Contains('@', StringComparison.Ordinal) || !Jid.TryParse(value, out var jid) ? value : jid.IsGroup ? "*@g.us" : jid.ToString().TrimStart('@');

    private static void Describe(IDictionary<string, string> facts, string path, JsonNode json)
    {
        switch (json)
        {
            case JsonObject fields:
                foreach (var (name, value) in fields)
                    Describe(facts, path.Length == 0 ? name : $"{path.TrimEnd('.')}.{name}", value!);
                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                    Describe(facts, $"{path}[{i}]", items[i]!);
                break;
            default:
                facts[path] = s_chanceFields.Contains(path[(path.LastIndexOf('.') + 1)..]) ? "*" : Address(json.ToString());
                break;
        }
    }
}
