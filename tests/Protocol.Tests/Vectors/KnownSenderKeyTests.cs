using System.Text.Json;
using Evolution.Proto.Signal;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Signal;
using Xunit;

namespace Evolution.Protocol.Tests.Vectors;

/// <summary>sender-key.json: a group's messages of two libraries, received by us, and those that can be repeated also sent.</summary>
[Trait("Part", "vectors")]
public sealed class KnownSenderKeyTests
{
    private const string File = "sender-key.json";

    private sealed record Sent(byte[] Wire, byte[] Plaintext);

    [Theory]
    [KnownCases(File, "transcripts")]
    public void A_group_is_read(KnownCase row)
    {
        var sent = new Dictionary<string, Sent>();
        SenderKeyRecord? record = null;
        var number = 0;
        foreach (var step in row.Json.GetProperty("steps").EnumerateArray())
        {
            var name = $"{row} (by {row.Text("sender")}), step {++number}";
            switch (step.Text("do"))
            {
                case "send":
                    sent[step.Text("id")] = new Sent(step.Hex("wire"), Padded(step));
                    break;
                case "distribution":
                    record = SenderKeyRecord.Parse(GroupCipher.Process(record, step.Hex("wire")).ToBytes());
                    break;
                case "receive":
                    record = Receive(step, record, sent, name);
                    break;
                default:
                    throw new InvalidDataException($"{name} is of an unknown kind.");
            }
        }
    }

    // Baileys signs without randomness and takes two steps of the chain for a message: its wires are only read.
    [Theory]
    [KnownCases(File, "transcripts", Only = nameof(IsSignedWithGivenBytes))]
    public void A_group_is_written_to_the_byte(KnownCase row)
    {
        var signing = KeyPair.FromPrivate(row.Hex("signing_private"));
        // Of several sender keys the file has the private half of one.
        var (distribution, start) = row.Json.GetProperty("steps").EnumerateArray()
            .Where(step => step.Text("do") == "distribution").Select(step => step.Hex("wire"))
            .Select(wire => (wire, SenderKeyDistributionMessage.Parser.ParseFrom(wire.AsSpan(1))))
            .First(message => WireKey.Read(message.Item2.SigningKey).Span.SequenceEqual(signing.PublicKey.Span));
        var record = new SenderKeyRecord([
            new SenderKeyState(start.Id, MessageChain.Start(start.ChainKey.ToByteArray(), start.Iteration), signing.PublicKey, signing.PrivateKey)]);
        Assert.Equal(distribution, GroupCipher.DistributionOf(record));

        var written = 0;
        foreach (var step in row.Json.GetProperty("steps").EnumerateArray())
        {
            if (step.Text("do") != "send")
                continue;
            var message = SenderKeyMessage.Parser.ParseFrom(step.Hex("wire").AsSpan(1..^Curve25519.SignatureSize));
            if (message.Id != start.Id)
                continue;
            // Messages that are not listed were sent in between.
            while (record.States[0].Chain.Index < message.Iteration)
                (record, _) = GroupCipher.Encrypt(record, []);
            (record, var wire) = GroupCipher.Encrypt(record, Padded(step), step.Hex("random"));
            Assert.True(step.Text("wire") == Convert.ToHexStringLower(wire), $"{row}, {step.Text("id")}: the wire is another.");
            written++;
        }

        Assert.NotEqual(0, written);
    }

    private static bool IsSignedWithGivenBytes(KnownCase row) =>
        row.Json.GetProperty("steps").EnumerateArray().All(step => step.Text("do") != "send" || step.TryGetProperty("random", out _));

    private static SenderKeyRecord? Receive(JsonElement step, SenderKeyRecord? record, Dictionary<string, Sent> sent, string name)
    {
        var known = step.TryGetProperty("id", out var id) ? sent[id.GetString()!] : null;
        var before = record?.ToBytes();
        SenderKeyRecord? after = null;
        byte[]? text = null;
        var error = Record.Exception(() => (after, text) = GroupCipher.Decrypt(record, known?.Wire ?? step.Hex("wire")));

        var expect = step.Text("expect");
        if (expect == "ok")
        {
            Assert.True(error is null, $"{name}: {error?.Message}");
            Assert.True(known!.Plaintext.AsSpan().SequenceEqual(text), $"{name}: the text is another.");
            return SenderKeyRecord.Parse(after!.ToBytes());
        }

        var refusal = (error as SignalException)?.Error;
        Assert.True(refusal is not null, $"{name}: {expect}, but: {error?.ToString() ?? "it was accepted"}");
        if (Wanted(expect) is { } wanted)
            Assert.True(wanted == refusal, $"{name}: {expect}, but {refusal}");
        Assert.True(before is null || record!.ToBytes().AsSpan().SequenceEqual(before), $"{name}: a refused message changed the sender key.");
        return record;
    }

    private static SignalError? Wanted(string expect) => expect switch
    {
        "refuse" or "refuse: malformed" => null,
        "refuse: no sender key" => SignalError.NoSenderKey,
        "refuse: bad signature" => SignalError.InvalidSignature,
        "refuse: old counter" => SignalError.DuplicateMessage,
        "refuse: too far ahead" => SignalError.TooFarInFuture,
        _ => throw new InvalidDataException($"'{expect}' is new."),
    };

    private static byte[] Padded(JsonElement step)
    {
        var pad = (byte)step.Number("pad");
        return [.. step.Hex("plaintext"), .. Enumerable.Repeat(pad, pad)];
    }
}
