namespace Evolution.Client.History;

/// <summary>A message of the history.</summary>
/// <param name="Info">Who, where, when.</param>
/// <param name="Message">What the phone keeps of it: content, status, reactions, receipts.</param>
public sealed record HistoryMessage(MessageInfo Info, Proto.WebMessageInfo Message);
