using Evolution.Client.Stores;

namespace Evolution.Client.History;

/// <summary>A bounded part of the history the phone hands over. Each part is an event of its own, committed by itself.</summary>
/// <param name="SyncType">The kind of history, in WhatsApp's words: <c>INITIAL_BOOTSTRAP</c>, <c>RECENT</c>, <c>PUSH_NAME</c>, <c>ON_DEMAND</c>, …</param>
/// <param name="Progress">Percent of this kind that has arrived, as the phone says; null when it does not.</param>
/// <param name="IsLast">Whether this is the last part of one of the phone's chunks.</param>
public sealed record HistoryChunk(string SyncType, int? Progress, bool IsLast)
{
    /// <summary>Chats in this part.</summary>
    public IReadOnlyList<HistoryChat> Chats { get; init; } = [];

    /// <summary>People in this part.</summary>
    public IReadOnlyList<HistoryContact> Contacts { get; init; } = [];

    /// <summary>Messages in this part, newest first within a chat, as the phone sends them.</summary>
    public IReadOnlyList<HistoryMessage> Messages { get; init; } = [];

    /// <summary>Pairs learned from this part; they are in the write set too.</summary>
    public IReadOnlyList<AddressMapping> AddressMappings { get; init; } = [];
}
