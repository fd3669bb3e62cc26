using Evolution.Proto;

namespace Evolution.Simulator.Phones;

/// <summary>A message as a phone has it.</summary>
/// <param name="Seq">Rises over all phones; say it as "after" to get the later ones.</param>
/// <param name="Chat">Number of the person it was exchanged with; the JID of a group or of the statuses.</param>
/// <param name="Sender">Number of who wrote it.</param>
/// <param name="SenderDevice">Device it came from; 0 is a phone.</param>
/// <param name="At">When the sender sent it.</param>
/// <param name="Content">Decrypted by the phone's own keys.</param>
public sealed record PhoneMessage(
    long Seq, string Id, string Chat, string Sender, ushort SenderDevice, DateTimeOffset At, Message Content, MessageReceipts Receipts)
{
    public bool FromMe { get; init; }

    /// <summary>The text of a plain or extended text message, also one that disappears; null for anything else.</summary>
    public string? Text => Plain.HasConversation ? Plain.Conversation : Plain.ExtendedTextMessage?.Text;

    private Message Plain => Content.EphemeralMessage?.Message ?? Content;
}

/// <summary>When the other side's receipts for a message came; null until then, and for what others wrote.</summary>
public sealed record MessageReceipts(DateTimeOffset? Delivered, DateTimeOffset? Read, DateTimeOffset? Played);
