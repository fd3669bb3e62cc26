using Evolution.Protocol.Jids;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Messages.Receipts;

/// <summary>A receipt stanza (Baileys Socket/messages-recv.ts, handleReceipt).</summary>
/// <param name="Type">Null for delivered.</param>
/// <param name="Chat">The chat, without device.</param>
/// <param name="Device">The device it came from.</param>
/// <param name="Participant">Who received or read it, in groups.</param>
/// <param name="Ids">The messages.</param>
/// <param name="OfOurs">Whether the messages are ours.</param>
internal sealed record IncomingReceipt(string? Type, Jid Chat, Jid Device, Jid? Participant, IReadOnlyList<string> Ids, bool OfOurs, DateTimeOffset? At)
{
    /// <summary>What the receipt says of the messages; null when it says nothing of that kind.</summary>
    public MessageStatus? Status => Type switch
    {
        null or "inactive" => MessageStatus.Delivered,
        "sender" => MessageStatus.ServerAck,
        "read" or "read-self" => MessageStatus.Read,
        "played" or "played-self" => MessageStatus.Played,
        _ => null,
    };

    /// <summary>Whether the server must have had the messages, though its own ack for them may have been lost.</summary>
    public bool ProvesArrival => OfOurs && (Status is not null || Type == "retry");

    /// <summary>Reads a receipt; the grouped form gives one per participant. Empty when it names no chat or message.</summary>
    public static IReadOnlyList<IncomingReceipt> Read(Node node, OwnAddress own)
    {
        if (node.JidOf("from") is not { } from || node["id"] is not { Length: > 0 } id)
            return [];
        var type = node["type"];
        var participant = node.JidOf("participant");
        var device = participant ?? from;
        var byUs = own.IsMe(device);
        var chat = byUs && from.IsUser ? node.JidOf("recipient") ?? from : from;
        // A receipt of our own devices about others' messages says that we have read them elsewhere.
        var ofOurs = !byUs || type is "retry" or "sender" || (from.IsUser && node["recipient"] is null);
        var ids = new List<string> { id };
        ids.AddRange(from item in node.Child("list")?.ChildrenOf("item") ?? []
                     where item["id"] is { Length: > 0 }
                     select item["id"]!);
        var single = new IncomingReceipt(type, chat.ToUser(), device, participant?.ToUser(), ids, ofOurs, node.TimeOf("t"));
        return node.Child("participants") is { } grouped ? Grouped(single, grouped) : [single];
    }

    private static IncomingReceipt[] Grouped(IncomingReceipt receipt, Node participants) =>
    [
        .. from user in participants.ChildrenOf("user")
           let jid = user.JidOf("jid")
           where jid is not null
           select receipt with
           {
               Device = jid.Value,
               Participant = jid.Value.ToUser(),
               Ids = [participants["key"] ?? receipt.Ids[0]],
               At = user.TimeOf("t") ?? receipt.At,
           },
    ];
}
