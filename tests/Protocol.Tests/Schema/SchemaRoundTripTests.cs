using CsCheck;
using Evolution.Proto;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Xunit;

namespace Evolution.Protocol.Tests.Schema;

/// <summary>What every message type of the schema does. A failure prints the type and the seed that repeats it.</summary>
public sealed class SchemaRoundTripTests
{
    private const int RoundsPerType = 10;

    [Fact]
    public void Any_content_survives_decode_and_encode() => ForEveryType((type, random) =>
    {
        var message = random.Of(type);
        var bytes = message.ToByteArray();
        var decoded = type.Parser.ParseFrom(bytes);
        return decoded.Equals(message) && decoded.ToByteArray().AsSpan().SequenceEqual(bytes);
    });

    [Fact]
    public void Fields_of_a_newer_schema_are_kept() => ForEveryType((type, random) =>
    {
        byte[] bytes = [.. random.Of(type).ToByteArray(), .. random.UnknownFields()];
        return type.Parser.ParseFrom(bytes).ToByteArray().AsSpan().SequenceEqual(bytes);
    });

    [Fact]
    public void Bytes_cut_short_are_refused_or_read_but_never_break_the_reader() => ForEveryType((type, random) =>
    {
        var bytes = random.Of(type).ToByteArray();
        try
        {
            type.Parser.ParseFrom(bytes.AsSpan(0, bytes.Length / 2).ToArray());
        }
        catch (InvalidProtocolBufferException)
        {
            // The one answer a caller has to expect.
        }

        return true;
    });

    [Fact]
    public void The_types_looked_at_are_the_whole_schema()
    {
        Assert.Contains(Message.Types.ExtendedTextMessage.Descriptor, RandomMessages.Types);
        Assert.Contains(Proto.Signal.SignalMessage.Descriptor, RandomMessages.Types);
        Assert.All(
            RandomMessages.Types.Select(type => type.File).Distinct(),
            file => Assert.All(file.MessageTypes, type => Assert.Contains(type, RandomMessages.Types)));
    }

    private static void ForEveryType(Func<MessageDescriptor, RandomMessages, bool> holds)
    {
        foreach (var type in RandomMessages.Types)
            Gen.Int.Sample(seed => holds(type, new RandomMessages(seed)), iter: RoundsPerType, print: seed => $"{type.FullName} with seed {seed}");
    }
}
