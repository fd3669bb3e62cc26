using System.Buffers;
using Google.Protobuf;

namespace Evolution.Client.Messages.Sending;

/// <summary>
/// Cuts a serialised message down to the fields that a report covers, in the order of their numbers. The list of fields is a fact of the
/// protocol: Baileys Utils/reporting-utils.ts and whatsmeow reportingfields.json agree on it.
/// </summary>
internal static class ReportedFields
{
    private sealed class Fields(params (int Number, Fields? Inner)[] fields)
    {
        private readonly Dictionary<int, Fields?> byNumber = fields.ToDictionary(f => f.Number, f => f.Inner);

        public bool Has(int number, out Fields? inner) => byNumber.TryGetValue(number, out inner);
    }

    private static readonly Fields Nothing = new();
    private static readonly Fields Forwarding = Plain(21, 22); // ContextInfo: forwardingScore, isForwarded
    private static readonly Fields Poll = new(
        (2, null), (3, Plain(1, 2)), (5, Forwarding), (8, Plain(1, 2)));

    // A wrapper whose inside is named but of which nothing is covered.
    private static readonly Fields Wrapper = new((1, Nothing));

    private static readonly Fields Root = new(
        (1, null),
        (3, With(Forwarding, 17, 2, 3, 8, 11, 25)),
        (4, With(Forwarding, 17, 1, 16)),
        (5, With(Forwarding, 17, 3, 4, 5, 16)),
        (6, With(Forwarding, 17, 1, 30)),
        (7, With(Forwarding, 17, 2, 7, 10, 20)),
        (8, With(Forwarding, 17, 2, 7, 9, 21)),
        (9, With(Forwarding, 17, 2, 6, 7, 13, 20)),
        (12, With(Nothing, 14, 1, 2, 15)),
        (18, With(Forwarding, 17, 6, 16)),
        (26, With(Forwarding, 17, 4, 5, 8, 13)),
        (28, With(Forwarding, 7, 1, 2, 4, 5, 6)),
        (37, Wrapper),
        (49, Poll),
        (53, Wrapper),
        (55, Wrapper),
        (58, Wrapper),
        (59, Wrapper),
        (60, Poll),
        (64, Poll),
        (66, With(Forwarding, 17, 2, 6, 7, 13, 20)),
        (74, Wrapper),
        (87, Wrapper),
        (88, new Fields((1, null), (2, Plain(1)), (3, Forwarding))),
        (92, Wrapper),
        (93, Wrapper),
        (94, Wrapper));

    /// <summary>The covered fields; empty when there is none.</summary>
    public static byte[] Extract(ReadOnlySpan<byte> message) => Extract(message.ToArray(), Root);

    private static byte[] Extract(byte[] message, Fields covered)
    {
        var kept = new List<(int Number, ReadOnlyMemory<byte> Bytes)>();
        var input = new CodedInputStream(message);
        while (!input.IsAtEnd)
        {
            var start = (int)input.Position;
            var tag = input.ReadTag();
            var number = WireFormat.GetTagFieldNumber(tag);
            if (!covered.Has(number, out var inner) || inner is null || WireFormat.GetTagWireType(tag) != WireFormat.WireType.LengthDelimited)
            {
                input.SkipLastField();
                if (covered.Has(number, out _))
                    kept.Add((number, message.AsMemory(start, (int)input.Position - start)));
                continue;
            }

            var sub = Extract(input.ReadBytes().ToByteArray(), inner);
            if (sub.Length > 0)
                kept.Add((number, Field(tag, sub)));
        }

        var output = new ArrayBufferWriter<byte>();
        // OrderBy is stable: repeated fields keep their order.
        foreach (var (_, bytes) in kept.OrderBy(field => field.Number))
            output.Write(bytes.Span);
        return output.WrittenSpan.ToArray();
    }

    private static byte[] Field(uint tag, byte[] content)
    {
        using var memory = new MemoryStream();
        var output = new CodedOutputStream(memory);
        output.WriteTag(tag);
        output.WriteBytes(ByteString.CopyFrom(content));
        output.Flush();
        return memory.ToArray();
    }

    private static Fields Plain(params int[] numbers) => new([.. numbers.Select(number => (number, (Fields?)null))]);

    private static Fields With(Fields inner, int innerNumber, params int[] numbers) =>
        new([.. numbers.Select(number => (number, (Fields?)null)), (innerNumber, inner)]);
}
