namespace Evolution.Gateway.Providers;

/// <summary>Tells senders that their messages were read.</summary>
internal interface IMarksRead
{
    /// <summary>Sends read receipts, folded by chat and sender. Own messages are left out.</summary>
    Task MarkReadAsync(IReadOnlyList<ReadMark> messages, CancellationToken cancellationToken);
}
