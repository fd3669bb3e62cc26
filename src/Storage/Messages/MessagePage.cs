namespace Evolution.Storage.Messages;

/// <summary>A page of found messages.</summary>
/// <param name="Total">How many match, on all pages.</param>
/// <param name="Messages">This page, newest first.</param>
/// <param name="Updates">What was kept of what happened to them, oldest first, by row id; messages without any are missing.</param>
public sealed record MessagePage(
    long Total, IReadOnlyList<MessageRow> Messages, IReadOnlyDictionary<string, IReadOnlyList<MessageUpdate>> Updates);
