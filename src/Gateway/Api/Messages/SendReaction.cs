using System.Globalization;
using System.Text;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Messages;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Gateway.Providers.Outgoing;
using Evolution.Protocol.Jids;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.Api.Messages;

/// <summary><c>POST /message/sendReaction/{instanceName}</c>.</summary>
internal sealed class SendReaction(Sends sends, MessageStore messages)
{
    public static Schema Body { get; } = Schema.Object
        .Properties(
            ("key", Schema.Object
                .Properties(("id", Schema.String), ("remoteJid", Schema.String), ("fromMe", Schema.Boolean.Enum("true", "false")))
                .Required("id", "remoteJid", "fromMe")
                .NotEmpty("id", "remoteJid")),
            ("reaction", Schema.String))
        .Required("key", "reaction");

    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        var emoji = call.Body.TextOf("reaction")!;
        if (emoji.Length > 0 && !IsOneEmoji(emoji))
            throw ApiException.BadRequest("Reaction must be a single emoji or empty string");
        var key = call.Body.ObjectOf("key");
        var id = key.TextOf("id")!;
        return await sends.SendPlainAsync(call, key.TextOf("remoteJid")!, async (chat, stop) =>
        {
            // The stored message knows who wrote it; some clients always say that it was the other side.
            var stored = await messages.FindByKeyAsync(call.Instance.Id, id, remoteJid: null, stop);
            var given = Jid.TryParse(key.TextOf("participant"), out var participant) ? participant.ToUser() : (Jid?)null;
            var sender = (stored is null ? null : MessageRecordKey.AddressedSender(stored)) ?? given;
            return new OutgoingReaction(id, stored?.FromMe ?? key.IsTrue("fromMe"), chat.IsUser ? null : sender, emoji);
        });
    }

    private static bool IsOneEmoji(string text)
    {
        if (new StringInfo(text).LengthInTextElements != 1)
            return false;
        var runes = text.EnumerateRunes().ToList();
        var first = runes[0];
        // Keycaps begin with a digit, and a few emoji are letters or punctuation that a variation selector turns into pictures.
        return Rune.GetUnicodeCategory(first) == UnicodeCategory.OtherSymbol
            || (runes.Count > 1 && runes.Any(rune => rune.Value is 0xFE0F or 0x20E3))
            || (first.Value > 0x2000 && Rune.GetUnicodeCategory(first) is UnicodeCategory.MathSymbol or UnicodeCategory.OtherPunctuation or UnicodeCategory.DashPunctuation);
    }
}
