using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Evolution.Protocol.Jids;

namespace Evolution.Protocol.Nodes;

/// <summary>Writes nodes in the binary form of WhatsApp's stanzas. The order in which a string's forms are tried is that of Baileys (src/WABinary/encode.ts).</summary>
public static class NodeWriter
{
    /// <summary>Nodes deeper than this are refused.</summary>
    public const int MaxDepth = 64;

    /// <summary>Nodes with more attributes are refused.</summary>
    public const int MaxAttributes = 1024;

    /// <summary>The node as a frame's content: the flag byte 0 and the node.</summary>
    /// <exception cref="NodeFormatException">The node cannot be written: too deep, too many children or attributes.</exception>
    public static byte[] Encode(Node node)
    {
        var output = new ArrayBufferWriter<byte>(256);
        Write(node, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Appends the flag byte 0 and the node.</summary>
    /// <exception cref="NodeFormatException">The node cannot be written: too deep, too many children or attributes.</exception>
    public static void Write(Node node, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(node);
        ArgumentNullException.ThrowIfNull(output);
        Byte(output, 0);
        WriteNode(output, node, 0);
    }

    private static void WriteNode(IBufferWriter<byte> output, Node node, int depth)
    {
        if (depth > MaxDepth) throw new NodeFormatException($"The node is nested deeper than {MaxDepth}.");
        if (node.Attributes.Count > MaxAttributes) throw new NodeFormatException($"The node has more than {MaxAttributes} attributes.");
        ListStart(output, 1 + (2 * node.Attributes.Count) + (node.HasContent ? 1 : 0));
        String(output, node.Tag);
        foreach (var (key, value) in node.Attributes)
        {
            String(output, key);
            String(output, value);
        }

        switch (node.Kind)
        {
            case NodeContentKind.Text:
                String(output, node.Text!);
                break;
            case NodeContentKind.Bytes:
                Binary(output, node.Bytes.Span);
                break;
            case NodeContentKind.Children:
                ListStart(output, node.Children.Count);
                foreach (var child in node.Children) WriteNode(output, child, depth + 1);
                break;
        }
    }

    private static void ListStart(IBufferWriter<byte> output, int size)
    {
        switch (size)
        {
            case 0:
                Byte(output, NodeTags.ListEmpty);
                break;
            case <= byte.MaxValue:
                Byte(output, NodeTags.List8);
                Byte(output, (byte)size);
                break;
            case <= ushort.MaxValue:
                var span = output.GetSpan(3);
                span[0] = NodeTags.List16;
                BinaryPrimitives.WriteUInt16BigEndian(span[1..], (ushort)size);
                output.Advance(3);
                break;
            default:
                throw new NodeFormatException($"A list of {size} items cannot be written.");
        }
    }

    private static void String(IBufferWriter<byte> output, ReadOnlySpan<char> text)
    {
        if (text.Length == 0)
        {
            Byte(output, NodeTags.Binary8);
            Byte(output, 0);
        }
        else if (TokenLookup.TryGet(text, out var dictionary, out var index))
        {
            if (dictionary >= 0) Byte(output, (byte)(NodeTags.Dictionary0 + dictionary));
            Byte(output, index);
        }
        else if (PackedText.IsNibbles(text))
        {
            PackedText.Write(output, NodeTags.Nibble8, text);
        }
        else if (PackedText.IsHex(text))
        {
            PackedText.Write(output, NodeTags.Hex8, text);
        }
        else if (!TryJid(output, text))
        {
            Utf8(output, text);
        }
    }

    private static bool TryJid(IBufferWriter<byte> output, ReadOnlySpan<char> text)
    {
        // Only texts which read back as the same address may travel as a JID: a free text with an @ in it is none.
        var at = text.IndexOf('@');
        if (at < 0) return false;
        var user = text[..at];
        var server = text[(at + 1)..];
        if (server.IsEmpty || server.Contains('@')) return false;
        var hasDevice = user.Contains(':');
        if (!hasDevice && !user.Contains('_'))
        {
            Pair(output, user, server);
            return true;
        }

        var isAddress = Jid.TryParse(text.ToString(), out var jid);
        if (hasDevice) return isAddress && text.SequenceEqual(WithDevice(jid)) && TryDevice(output, jid);
        // An agent without a device has no place on the wire and no meaning.
        Pair(output, isAddress && server is not JidServers.Interop ? jid.User : user, server);
        return true;
    }

    // A device of 0 is left out of the text form elsewhere.
    private static string WithDevice(Jid jid) =>
        jid.Server == JidServers.Interop ? $"{jid.Integrator}-{jid.User}:{jid.Device}@{jid.Server}" : $"{jid.User}:{jid.Device}@{jid.Server}";

    private static bool TryDevice(IBufferWriter<byte> output, Jid jid)
    {
        if (jid.User.Length == 0) return false;
        if (jid.Server == JidServers.Interop)
        {
            Byte(output, NodeTags.InteropJid);
            String(output, jid.User);
            UInt16(output, jid.Device);
            UInt16(output, jid.Integrator);
            String(output, jid.Server);
            return true;
        }

        if (jid.Server == JidServers.Messenger)
        {
            Byte(output, NodeTags.MessengerJid);
            String(output, jid.User);
            UInt16(output, jid.Device);
            String(output, jid.Server);
            return true;
        }

        if (jid.Device > byte.MaxValue || NodeTags.DomainOfServer(jid.Server) is not { } domain) return false;
        Byte(output, NodeTags.DeviceJid);
        Byte(output, domain);
        Byte(output, (byte)jid.Device);
        String(output, jid.User);
        return true;
    }

    private static void Pair(IBufferWriter<byte> output, ReadOnlySpan<char> user, ReadOnlySpan<char> server)
    {
        Byte(output, NodeTags.JidPair);
        if (user.IsEmpty) Byte(output, NodeTags.ListEmpty);
        else String(output, user);
        String(output, server);
    }

    private static void Utf8(IBufferWriter<byte> output, ReadOnlySpan<char> text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        BinaryStart(output, length);
        output.Advance(Encoding.UTF8.GetBytes(text, output.GetSpan(length)));
    }

    private static void Binary(IBufferWriter<byte> output, ReadOnlySpan<byte> bytes)
    {
        BinaryStart(output, bytes.Length);
        output.Write(bytes);
    }

    private static void BinaryStart(IBufferWriter<byte> output, int length)
    {
        if (length <= byte.MaxValue)
        {
            Byte(output, NodeTags.Binary8);
            Byte(output, (byte)length);
            return;
        }

        var span = output.GetSpan(5);
        if (length < 1 << 20)
        {
            span[0] = NodeTags.Binary20;
            span[1] = (byte)(length >> 16);
            span[2] = (byte)(length >> 8);
            span[3] = (byte)length;
            output.Advance(4);
            return;
        }

        span[0] = NodeTags.Binary32;
        BinaryPrimitives.WriteInt32BigEndian(span[1..], length);
        output.Advance(5);
    }

    private static void UInt16(IBufferWriter<byte> output, ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(output.GetSpan(2), value);
        output.Advance(2);
    }

    private static void Byte(IBufferWriter<byte> output, byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }
}
