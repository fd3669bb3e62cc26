using System.Text.Json;
using Evolution.Client;
using Evolution.Protocol.Jids;
using Evolution.Storage.Messages;

namespace Evolution.Gateway.EvolutionWire.Messages;

/// <summary>
/// The <c>key</c> of a message record. A person is named by phone number whenever it is known; the LID stands in <c>…Alt</c> when the message was
/// addressed by number, and in a field of ours (<c>remoteLid</c>, <c>participantLid</c>) when it was addressed by LID, because there clients expect
/// the number in <c>…Alt</c>.
/// </summary>
internal sealed record MessageRecordKey
{
    public required string Id { get; init; }

    public required bool FromMe { get; init; }

    public required string RemoteJid { get; init; }

    public string? RemoteJidAlt { get; init; }

    public string? RemoteLid { get; init; }

    /// <summary>The sender in a group or status; empty in a direct chat; null in what was sent through the API.</summary>
    public string? Participant { get; init; }

    public string? ParticipantAlt { get; init; }

    public string? ParticipantLid { get; init; }

    /// <summary><c>pn</c> or <c>lid</c>; null in what was sent through the API.</summary>
    public string? AddressingMode { get; init; }

    /// <summary>Rare members, as a JSON object.</summary>
    public string? Extra { get; init; }

    /// <summary>The key of a message that arrived, from others or from another device of the account.</summary>
    public static MessageRecordKey OfReceived(MessageInfo info)
    {
        var byLid = info.AddressingMode == "lid";
        var chat = Name(info.Chat, info.ChatAlt, byLid);
        var sender = info.Chat.IsUser ? default : Name(info.Sender, info.SenderAlt, byLid);
        return new MessageRecordKey
        {
            Id = info.Id,
            FromMe = info.FromMe,
            RemoteJid = chat.Main!,
            RemoteJidAlt = chat.Alt,
            RemoteLid = chat.Lid,
            Participant = sender.Main ?? "",
            ParticipantAlt = sender.Alt,
            ParticipantLid = sender.Lid,
            AddressingMode = info.AddressingMode,
        };
    }

    /// <summary>The key of a message sent through the API: only what Evolution shows.</summary>
    public static MessageRecordKey OfSent(MessageInfo info) => new()
    {
        Id = info.Id,
        FromMe = true,
        RemoteJid = PhoneOf(info.Chat, info.ChatAlt).ToString(),
    };

    /// <summary>The key of a stored message.</summary>
    public static MessageRecordKey OfRow(MessageRow row) => new()
    {
        Id = row.KeyId,
        FromMe = row.FromMe,
        RemoteJid = row.RemoteJid,
        RemoteJidAlt = row.RemoteJidAlt,
        RemoteLid = row.RemoteLid,
        Participant = row.Participant,
        ParticipantAlt = row.ParticipantAlt,
        ParticipantLid = row.ParticipantLid,
        AddressingMode = row.AddressingMode,
        Extra = row.KeyExtra,
    };

    /// <summary>Who wrote a stored message of others in a group or status, in the form by which the chat addresses him; null for anything else.</summary>
    public static Jid? AddressedSender(MessageRow row) =>
        Jid.TryParse(row.AddressingMode == "lid" ? row.ParticipantLid ?? row.Participant : row.Participant, out var sender) ? sender.ToUser() : null;

    /// <summary>Who wrote a message, as clients see it.</summary>
    public static string ShownSender(MessageInfo info) => PhoneOf(info.Sender, info.SenderAlt).ToString();

    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("remoteJid", RemoteJid);
        WriteKnown(writer, "remoteJidAlt", RemoteJidAlt);
        WriteKnown(writer, "remoteLid", RemoteLid);
        writer.WriteBoolean("fromMe", FromMe);
        writer.WriteString("id", Id);
        WriteKnown(writer, "participant", Participant);
        WriteKnown(writer, "participantAlt", ParticipantAlt);
        WriteKnown(writer, "participantLid", ParticipantLid);
        WriteKnown(writer, "addressingMode", AddressingMode);
        if (Extra is not null)
        {
            using var extra = JsonDocument.Parse(Extra);
            foreach (var member in extra.RootElement.EnumerateObject())
                member.WriteTo(writer);
        }

        writer.WriteEndObject();
    }

    private static (string? Main, string? Alt, string? Lid) Name(Jid jid, Jid? other, bool byLid)
    {
        var phone = PhoneOf(jid, other);
        var lid = jid.IsLid ? jid : other is { IsLid: true } known ? known : default;
        if (phone.IsLid || lid.IsEmpty)
            return (phone.ToString(), null, null);
        return byLid ? (phone.ToString(), phone.ToString(), lid.ToString()) : (phone.ToString(), lid.ToString(), null);
    }

    private static Jid PhoneOf(Jid jid, Jid? other) => jid.IsLid && other is { IsPhone: true } phone ? phone : jid;

    private static void WriteKnown(Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
            writer.WriteString(name, value);
    }
}
