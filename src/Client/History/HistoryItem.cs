using Evolution.Proto;

namespace Evolution.Client.History;

/// <summary>One top-level part of a history file.</summary>
internal abstract record HistoryItem
{
    internal sealed record Chat(Conversation Conversation) : HistoryItem;

    internal sealed record Status(WebMessageInfo Message) : HistoryItem;

    internal sealed record Name(Pushname Pushname) : HistoryItem;

    internal sealed record Address(PhoneNumberToLIDMapping Mapping) : HistoryItem;

    internal sealed record NctSalt(byte[] Bytes) : HistoryItem;
}
