using Evolution.Client.Stores;

namespace Evolution.Client.Dispatch;

/// <summary>
/// Handles one kind of incoming stanza, in its chat's lane. What it adds to the write set is committed when it returns; then the replies leave.
/// It must be safe to run twice for the same stanza: after a crash between commit and ack the server delivers again.
/// </summary>
internal interface IStanzaHandler
{
    /// <summary>The stanza's tag: <c>message</c>, <c>receipt</c>, <c>notification</c>, <c>ack</c>, <c>call</c>, <c>presence</c>, <c>chatstate</c>, <c>ib</c>.</summary>
    string Tag { get; }

    /// <summary>
    /// Which of the stanzas with this tag: the value of <c>type</c> (of <c>ib</c> and <c>iq</c>: the first child's tag), or type and first child
    /// as <c>encrypt/count</c>. Null for all that no other handler takes.
    /// </summary>
    string? Type => null;

    /// <summary>Handles the stanza. An exception other than a store's is logged and the stanza refused with error 500, so that it does not come again for ever.</summary>
    ValueTask HandleAsync(Stanza stanza, DeviceWriteSet writes, CancellationToken ct);
}
