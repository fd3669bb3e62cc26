namespace Evolution.Interop.Tests.Comparison;

/// <summary>The contract's routes that send something into a chat, each with the kinds of messages that it sends.</summary>
internal static class ContractSends
{
    private static readonly string[] s_inChats = ["chat.updateMessage", "chat.deleteMessageForEveryone", "chat.markMessageAsRead"];

    /// <summary>What is compared of each, by its name in the contract.</summary>
    public static IReadOnlyDictionary<string, string[]> Compared { get; } = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["message.sendText"] = ["text", "text that quotes", "text with a mention", "link preview", "text that disappears"],
        ["message.sendMedia"] =
        [
            "image", "video", "audio", "document", "document with caption",
            "image that quotes", "video that quotes", "audio that quotes", "document that quotes", "image with a mention", "document with a mention", "image that disappears",
        ],
        ["message.sendPtv"] = ["video note", "video note that quotes"],
        ["message.sendWhatsAppAudio"] = ["voice note", "voice note that quotes"],
        ["message.sendStatus"] = ["status text", "image", "video", "voice note"],
        ["message.sendSticker"] = ["sticker", "animated sticker", "sticker that quotes"],
        ["message.sendLocation"] = ["location", "location that quotes", "location with a mention", "location that disappears"],
        ["message.sendContact"] = ["contact", "contacts", "contact that quotes", "contacts that quotes"],
        ["message.sendReaction"] = ["reaction", "reaction taken back"],
        ["message.sendPoll"] = ["poll for one", "poll for several", "poll for any number", "poll for one that quotes", "poll for several that quotes", "poll for one with a mention"],
        ["message.sendList"] = ["list"],
        ["message.sendButtons"] = ["reply buttons", "link, call and copy buttons", "payment button", "reply buttons under a picture"],
        ["chat.updateMessage"] = ["edit", "edit of an image's caption", "edit of a video's caption"],
        ["chat.deleteMessageForEveryone"] = ["revoke", "revoke by an administrator"],
        ["chat.markMessageAsRead"] = [ComparedPhases.Read, ComparedPhases.ReadInGroup],
    };

    /// <summary>Those of which nothing is, and why.</summary>
    public static IReadOnlyDictionary<string, string> NotCompared { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["message.sendTemplate"] = "A linked device can send none: only the Business API has templates.",
    };

    /// <summary>Every one that the contract has.</summary>
    public static IEnumerable<string> All => ContractBodies.Routes.Where(id => id.StartsWith("message.send", StringComparison.Ordinal) || s_inChats.Contains(id));
}
