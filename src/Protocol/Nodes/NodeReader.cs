using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using Evolution.Protocol.Jids;

namespace Evolution.Protocol.Nodes;

/// <summary>Reads nodes from the binary form of WhatsApp's stanzas. Whatever the bytes are, the answer is a node or a <see cref="NodeFormatException"/>.</summary>
public static class NodeReader
{
    /// <summary>A compressed frame may grow to so many bytes.</summary>
    public const int MaxInflatedBytes = 32 << 20;

    private const byte CompressedFlag = 2;

    // A list tag, its size and a token. Bounds what an announced list may allocate.
    private const int SmallestNode = 3;

    /// <summary>Reads a decrypted frame: a flag byte (2 means zlib), then the node. Bytes of the node refer to the given memory.</summary>
    /// <exception cref="NodeFormatException">The bytes are no node.</exception>
    public static Node Decode(ReadOnlyMemory<byte> frame)
    {
        if (frame.IsEmpty) throw new NodeFormatException("The frame is empty.");
        var body = frame[1..];
        if ((frame.Span[0] & CompressedFlag) != 0) body = Inflate(body);
        var cursor = new Cursor(body);
        var node = ReadNode(ref cursor, 0);
        if (cursor.Remaining > 0) throw new NodeFormatException($"{cursor.Remaining} bytes follow the node.");
        return node;
    }

    private static ReadOnlyMemory<byte> Inflate(ReadOnlyMemory<byte> compressed)
    {
        try
        {
            var bytes = MemoryMarshal.TryGetArray(compressed, out var array) ? array : new ArraySegment<byte>(compressed.ToArray());
            using var source = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
            using var zlib = new ZLibStream(source, CompressionMode.Decompress);
            using var target = new MemoryStream();
            Span<byte> chunk = stackalloc byte[4096];
            for (int read; (read = zlib.Read(chunk)) > 0;)
            {
                if (target.Length + read > MaxInflatedBytes) throw new NodeFormatException($"The frame inflates to more than {MaxInflatedBytes} bytes.");
                target.Write(chunk[..read]);
            }

            return target.ToArray();
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new NodeFormatException("The frame is no zlib stream.", e);
        }
    }

    private static Node ReadNode(ref Cursor cursor, int depth)
    {
        if (depth > NodeWriter.MaxDepth) throw new NodeFormatException($"The node is nested deeper than {NodeWriter.MaxDepth}.");
        var size = ReadListSize(ref cursor, cursor.Byte());
        if (size == 0) throw new NodeFormatException("A node needs a tag.");
        var tag = ReadString(ref cursor, cursor.Byte());
        if (string.IsNullOrEmpty(tag)) throw new NodeFormatException("A node's tag is empty.");
        var count = (size - 1) / 2;
        if (count > NodeWriter.MaxAttributes) throw new NodeFormatException($"A node has {count} attributes.");
        if (count * 2 > cursor.Remaining) throw new NodeFormatException("More attributes are announced than there are bytes.");
        var attributes = new NodeAttributes(count);
        for (var i = 0; i < count; i++)
        {
            var key = ReadString(ref cursor, cursor.Byte());
            if (string.IsNullOrEmpty(key)) throw new NodeFormatException("An attribute's name is empty.");
            attributes.Add(key, ReadString(ref cursor, cursor.Byte()) ?? "");
        }

        return size % 2 == 1 ? new Node(tag, attributes) : ReadContent(ref cursor, tag, attributes, depth);
    }

    private static Node ReadContent(ref Cursor cursor, string tag, NodeAttributes attributes, int depth)
    {
        var first = cursor.Byte();
        switch (first)
        {
            case NodeTags.ListEmpty:
            case NodeTags.List8:
            case NodeTags.List16:
                var size = ReadListSize(ref cursor, first);
                if (size * SmallestNode > cursor.Remaining) throw new NodeFormatException("More children are announced than there are bytes.");
                var children = new Node[size];
                for (var i = 0; i < size; i++) children[i] = ReadNode(ref cursor, depth + 1);
                return new Node(tag, attributes, children);
            case NodeTags.Binary8:
            case NodeTags.Binary20:
            case NodeTags.Binary32:
                return new Node(tag, attributes, cursor.Take(ReadLength(ref cursor, first)));
            default:
                return new Node(tag, attributes, ReadString(ref cursor, first) ?? "");
        }
    }

    private static int ReadListSize(ref Cursor cursor, byte tag) => tag switch
    {
        NodeTags.ListEmpty => 0,
        NodeTags.List8 => cursor.Byte(),
        NodeTags.List16 => cursor.UInt16(),
        _ => throw new NodeFormatException($"The byte {tag} starts no list."),
    };

    private static int ReadLength(ref Cursor cursor, byte tag)
    {
        switch (tag)
        {
            case NodeTags.Binary8:
                return cursor.Byte();
            case NodeTags.Binary20:
                return ((cursor.Byte() & 15) << 16) | (cursor.Byte() << 8) | cursor.Byte();
            default:
                var length = BinaryPrimitives.ReadUInt32BigEndian(cursor.Take(4).Span);
                return length <= int.MaxValue ? (int)length : throw new NodeFormatException($"A length of {length} bytes is too large.");
        }
    }

    private static string? ReadString(ref Cursor cursor, byte tag)
    {
        switch (tag)
        {
            case NodeTags.ListEmpty:
                return null;
            case >= 1 and < NodeTags.Dictionary0:
                return tag < Tokens.Single.Length ? Tokens.Single[tag] : throw new NodeFormatException($"There is no token {tag}.");
            case >= NodeTags.Dictionary0 and <= NodeTags.Dictionary3:
                var dictionary = Tokens.Double[tag - NodeTags.Dictionary0];
                var index = cursor.Byte();
                return index < dictionary.Length ? dictionary[index] : throw new NodeFormatException($"There is no token {index} in dictionary {tag - NodeTags.Dictionary0}.");
            case NodeTags.Nibble8 or NodeTags.Hex8:
                var start = cursor.Byte();
                return PackedText.Read(tag, cursor.Take(start & 0x7F).Span, (start & 0x80) != 0);
            case NodeTags.Binary8 or NodeTags.Binary20 or NodeTags.Binary32:
                // Lenient: one bad push name must not cost the stanza.
                return Encoding.UTF8.GetString(cursor.Take(ReadLength(ref cursor, tag)).Span);
            case NodeTags.JidPair:
                return JidPair(ref cursor);
            case NodeTags.DeviceJid:
                var domain = cursor.Byte();
                var number = cursor.Byte();
                var server = NodeTags.ServerOfDomain(domain) ?? throw new NodeFormatException($"There are no addresses of domain {domain}.");
                return new Jid(User(ref cursor), server, number).ToString();
            case NodeTags.MessengerJid:
                var messengerUser = User(ref cursor);
                var messengerDevice = cursor.UInt16();
                Expect(ref cursor, JidServers.Messenger);
                // Here and below device 0 is written out, so that the text goes out again in the form in which it came.
                return $"{messengerUser}:{messengerDevice}@{JidServers.Messenger}";
            case NodeTags.InteropJid:
                var interopUser = User(ref cursor);
                var interopDevice = cursor.UInt16();
                var integrator = cursor.UInt16();
                Expect(ref cursor, JidServers.Interop);
                return $"{integrator}-{interopUser}:{interopDevice}@{JidServers.Interop}";
            default:
                throw new NodeFormatException($"The byte {tag} starts no string.");
        }
    }

    private static string JidPair(ref Cursor cursor)
    {
        var user = ReadPlain(ref cursor) ?? "";
        var server = ReadPlain(ref cursor);
        return string.IsNullOrEmpty(server) ? throw new NodeFormatException("An address has no server.") : $"{user}@{server}";
    }

    private static string User(ref Cursor cursor) =>
        ReadPlain(ref cursor) is { Length: > 0 } user ? user : throw new NodeFormatException("An address has no user.");

    private static void Expect(ref Cursor cursor, string server)
    {
        if (ReadPlain(ref cursor) != server) throw new NodeFormatException($"An address of {server} names another server.");
    }

    // The parts of an address are no addresses themselves: without this rule a hostile frame could nest them without end.
    private static string? ReadPlain(ref Cursor cursor)
    {
        var tag = cursor.Byte();
        return tag is NodeTags.JidPair or NodeTags.DeviceJid or NodeTags.MessengerJid or NodeTags.InteropJid
            ? throw new NodeFormatException("An address is nested in an address.")
            : ReadString(ref cursor, tag);
    }

    private ref struct Cursor(ReadOnlyMemory<byte> memory)
    {
        private readonly ReadOnlyMemory<byte> _memory = memory;
        private int _position;

        internal readonly int Remaining => _memory.Length - _position;

        internal byte Byte() => _position < _memory.Length ? _memory.Span[_position++] : throw new NodeFormatException("The frame ends too early.");

        internal ushort UInt16() => (ushort)((Byte() << 8) | Byte());

        internal ReadOnlyMemory<byte> Take(int count)
        {
            if (count > Remaining) throw new NodeFormatException("The frame ends too early.");
            var slice = _memory.Slice(_position, count);
            _position += count;
            return slice;
        }
    }
}
