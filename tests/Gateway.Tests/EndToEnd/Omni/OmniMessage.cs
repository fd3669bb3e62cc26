using System.Text.Json.Nodes;

namespace Evolution.Gateway.Tests.EndToEnd.Omni;

/// <summary>What Omni takes out of a body that its webhook gets. It looks at neither the event's name nor at who wrote it: every body is a message.</summary>
/// <param name="User">Digits of the chat: the user's identity and where the answer goes.</param>
/// <param name="Text">What its agent reads; null where the type is none that is read.</param>
/// <param name="File">The bytes of the file; null when there are none, or no address beside them.</param>
/// <param name="Quoted">The text of the quoted message.</param>
/// <param name="ReplyTo">Where the answer is posted.</param>
/// <param name="ReplyKey">The key that comes along; its older version has no other.</param>
internal sealed record OmniMessage(string User, string? Text, byte[]? File, string? Quoted, string ReplyTo, string? ReplyKey)
{
    private static readonly string[] s_withFile = ["imageMessage", "videoMessage", "audioMessage", "documentMessage"];

    public static OmniMessage Read(JsonObject body)
    {
        var data = body["data"]!.AsObject();
        var message = data["message"]!.AsObject();
        var type = (string)data["messageType"]!;
        Assert.True((long)data["messageTimestamp"]! > 1_700_000_000);
        Assert.NotNull((string?)data["key"]!["id"]);
        var text = type switch
        {
            "conversation" => (string?)message["conversation"],
            "extendedTextMessage" => (string?)message["extendedTextMessage"]!["text"],
            _ when s_withFile.Contains(type) => (string?)message[type]!["caption"] ?? "",
            _ => null,
        };
        var name = (string?)data["pushName"];
        return new OmniMessage(
            ((string)data["key"]!["remoteJid"]!).Split('@')[0],
            text is null ? null : $"[{name}]: {text}",
            s_withFile.Contains(type) ? FileOf(data, message, message[type]!.AsObject()) : null,
            data["contextInfo"]?["quotedMessage"] is { } quoted ? QuoteOf(quoted) : null,
            (string?)body["server_url"] + $"/message/sendText/{body["instance"]}",
            (string?)body["apikey"]);
    }

    // First an address is looked for; without one there is no file, whatever else came along.
    private static byte[]? FileOf(JsonObject data, JsonObject message, JsonObject file)
    {
        var address = (string?)message["mediaUrl"] ?? (string?)data["mediaUrl"] ?? (string?)file["url"];
        var base64 = (string?)message["base64"] ?? (string?)data["base64"] ?? (string?)file["base64"];
        return string.IsNullOrEmpty(address) || base64 is null ? null : Convert.FromBase64String(base64);
    }

    private static string? QuoteOf(JsonNode quoted) =>
        (string?)quoted["conversation"] ?? (string?)quoted["extendedTextMessage"]?["text"] ?? s_withFile.Select(type => (string?)quoted[type]?["caption"]).FirstOrDefault(caption => caption is not null);
}
