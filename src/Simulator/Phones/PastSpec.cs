namespace Evolution.Simulator.Phones;

/// <summary>How much past a new phone is given: made-up people and made-up texts, the newest message an hour old.</summary>
/// <param name="Chats">0 to 10,000.</param>
/// <param name="MessagesPerChat">0 to 1,000.</param>
public sealed record PastSpec(int Chats, int MessagesPerChat);
