using System.IO.Compression;
using Evolution.Proto;
using Google.Protobuf;

namespace Evolution.Client.History;

/// <summary>Reads a compressed <c>HistorySync</c> part by part: a large history is never in memory as a whole, only its largest chat.</summary>
internal static class HistoryReader
{
    /// <summary>The largest single part (one chat with its messages) that is taken.</summary>
    private const int MaxPartBytes = 128 * 1024 * 1024;

    /// <summary>The largest history that is taken: far beyond what phones send, it stops a decompression bomb.</summary>
    private const long MaxBytes = 4L * 1024 * 1024 * 1024;

    /// <summary>Yields the parts that are of use here, in file order.</summary>
    /// <exception cref="InvalidDataException">The stream is no compressed history, or exceeds a limit.</exception>
    public static async IAsyncEnumerable<HistoryItem> ReadAsync(Stream compressed, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken ct)
    {
        var inflated = new ZLibStream(compressed, CompressionMode.Decompress, leaveOpen: true);
        await using (inflated.ConfigureAwait(false))
        {
            var source = new VarintSource(inflated, MaxBytes);
            while (await source.ReadVarintAsync(endAllowed: true, ct).ConfigureAwait(false) is { } tag)
            {
                var number = WireFormat.GetTagFieldNumber((uint)tag);
                switch (WireFormat.GetTagWireType((uint)tag))
                {
                    case WireFormat.WireType.Varint:
                        await source.ReadVarintAsync(endAllowed: false, ct).ConfigureAwait(false);
                        break;
                    case WireFormat.WireType.Fixed32:
                        await source.ReadAsync(4, ct).ConfigureAwait(false);
                        break;
                    case WireFormat.WireType.Fixed64:
                        await source.ReadAsync(8, ct).ConfigureAwait(false);
                        break;
                    case WireFormat.WireType.LengthDelimited:
                        var length = await source.ReadVarintAsync(endAllowed: false, ct).ConfigureAwait(false);
                        if (length is not { } size || size > MaxPartBytes)
                            throw new InvalidDataException("A part of the history is larger than allowed.");
                        if (Parse(number, await source.ReadAsync((int)size, ct).ConfigureAwait(false)) is { } item)
                            yield return item;
                        break;
                    default:
                        throw new InvalidDataException("The history is malformed.");
                }
            }
        }
    }

    private static HistoryItem? Parse(int field, byte[] bytes)
    {
        try
        {
            return field switch
            {
                HistorySync.ConversationsFieldNumber => new HistoryItem.Chat(Conversation.Parser.ParseFrom(bytes)),
                HistorySync.StatusV3MessagesFieldNumber => new HistoryItem.Status(WebMessageInfo.Parser.ParseFrom(bytes)),
                HistorySync.PushnamesFieldNumber => new HistoryItem.Name(Pushname.Parser.ParseFrom(bytes)),
                HistorySync.PhoneNumberToLidMappingsFieldNumber => new HistoryItem.Address(PhoneNumberToLIDMapping.Parser.ParseFrom(bytes)),
                HistorySync.NctSaltFieldNumber => new HistoryItem.NctSalt(bytes),
                _ => null,
            };
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException("The history is malformed.", e);
        }
    }

    /// <summary>Reads protobuf's primitives from a stream.</summary>
    private sealed class VarintSource(Stream stream, long limit)
    {
        private readonly byte[] buffer = new byte[16 * 1024];
        private int position;
        private int filled;
        private long consumed;

        /// <summary>A varint; null at the end of the stream, where that is allowed.</summary>
        public async ValueTask<ulong?> ReadVarintAsync(bool endAllowed, CancellationToken ct)
        {
            ulong value = 0;
            for (var shift = 0; shift < 64; shift += 7)
            {
                if (position == filled && !await FillAsync(ct).ConfigureAwait(false))
                    return endAllowed && shift == 0 ? null : throw new InvalidDataException("The history ends early.");
                var next = buffer[position++];
                value |= (ulong)(next & 0x7F) << shift;
                if (next < 0x80)
                    return value;
            }

            throw new InvalidDataException("The history is malformed.");
        }

        public async ValueTask<byte[]> ReadAsync(int length, CancellationToken ct)
        {
            // Grows with what really comes: a length is only a claim.
            using var collected = new MemoryStream(Math.Min(length, buffer.Length));
            while (collected.Length < length)
            {
                if (position == filled && !await FillAsync(ct).ConfigureAwait(false))
                    throw new InvalidDataException("The history ends early.");
                var take = (int)Math.Min(length - collected.Length, filled - position);
                collected.Write(buffer, position, take);
                position += take;
            }

            return collected.ToArray();
        }

        private async ValueTask<bool> FillAsync(CancellationToken ct)
        {
            position = 0;
            filled = await stream.ReadAsync(buffer, ct).ConfigureAwait(false);
            consumed += filled;
            return consumed <= limit ? filled > 0 : throw new InvalidDataException("The history is larger than allowed.");
        }
    }
}
