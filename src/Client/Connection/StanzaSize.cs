using Evolution.Protocol.Framing;
using Evolution.Protocol.Nodes;

namespace Evolution.Client.Connection;

/// <summary>How long a stanza may be: it travels whole in one frame, encrypted.</summary>
internal static class StanzaSize
{
    // Of AES-GCM.
    private const int TagLength = 16;

    // What stands before a text, a list or bytes, at most.
    private const int HeaderLength = 8;
    private const int MostBytesPerChar = 3;

    /// <summary>Bytes of an encoded stanza, at most.</summary>
    public const int Max = FrameWriter.MaxFrame - TagLength;

    /// <summary>Whether a frame can hold it. Only what comes near to the limit is encoded to find out.</summary>
    public static bool Fits(Node stanza) => AtMost(stanza) <= Max || NodeWriter.Encode(stanza).Length <= Max;

    private static long AtMost(Node node)
    {
        var size = HeaderLength + AtMost(node.Tag);
        foreach (var (name, value) in node.Attributes)
            size += AtMost(name) + AtMost(value);
        for (var i = 0; i < node.Children.Count; i++)
            size += AtMost(node.Children[i]);
        return size + HeaderLength + node.Bytes.Length;
    }

    private static long AtMost(string text) => HeaderLength + ((long)text.Length * MostBytesPerChar);
}
