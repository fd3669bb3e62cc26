using Evolution.Protocol.Nodes;

namespace Evolution.Simulator.Relay;

/// <summary>
/// How what waited for a device is handed out at its login: a preview, then page after page as the device acknowledges, then a marker that it
/// was all. Not safe for concurrent use: the queue holds its lock.
/// </summary>
internal sealed class OfflineRun(Node preview, Node done, int page)
{
    private Node? _preview = preview;
    private Node? _done = done;

    /// <summary>At most so many are on the way unacknowledged.</summary>
    public int Page { get; set; } = page;

    /// <summary>How many are still to leave.</summary>
    public int Left { get; set; }

    /// <summary>How many of those are not in memory.</summary>
    public int OnDisk { get; set; }

    /// <summary>How many have left and are not acknowledged.</summary>
    public int Out { get; set; }

    /// <summary>Whether the next one must wait for an acknowledgement.</summary>
    public bool IsPageOut => Left > 0 && Out >= Page;

    /// <summary>The marker that goes before the next stanza; null for none.</summary>
    public Node? TakeMarker()
    {
        if (_preview is { } first)
        {
            _preview = null;
            return first;
        }

        if (Left > 0 || _done is not { } last)
            return null;
        _done = null;
        return last;
    }
}
