using System.Text.Json;
using Evolution.Protocol.Signal;
using Xunit;

namespace Evolution.Protocol.Tests.Vectors;

/// <summary>signal-session.json: conversations of other libraries, played by us on both sides with their keys.</summary>
[Trait("Part", "vectors")]
public sealed class KnownSignalSessionTests
{
    private const string File = "signal-session.json";

    private sealed record Sent(string Type, byte[] Wire, byte[] Plaintext);

    [Theory]
    [KnownCases(File, "bundles")]
    public void A_bundle_is_judged_by_its_signature(KnownCase row)
    {
        var (alice, bob) = Devices();
        var bundle = bob.Publish(null) with
        {
            IdentityKey = row.Hex("identity"),
            SignedPreKey = row.Hex("signed_pre_key"),
            SignedPreKeySignature = row.Hex("signature"),
        };
        var error = Record.Exception(() => SessionCipher.Initiate(null, alice.Identity, bundle)) as SignalException;
        Assert.Equal(row.Json.GetProperty("valid").GetBoolean() ? null : SignalError.InvalidSignature, error?.Error);
    }

    [Theory]
    [KnownCases(File, "transcripts")]
    public void A_conversation_gives_every_wire_and_every_text(KnownCase row)
    {
        var (alice, bob) = Devices();
        var sent = new Dictionary<string, Sent>();
        var number = 0;
        foreach (var step in row.Json.GetProperty("steps").EnumerateArray())
        {
            var (own, other) = step.Text("who") == "alice" ? (alice, bob) : (bob, alice);
            var name = $"{row} ({row.Text("alice")} and {row.Text("bob")}), step {++number}";
            Play(step, own, other, sent, name);
        }
    }

    private static void Play(JsonElement step, KnownSignalDevice own, KnownSignalDevice other, Dictionary<string, Sent> sent, string name)
    {
        switch (step.Text("do"))
        {
            case "start":
                var keys = new KnownKeys(Fresh(step), name);
                own.Start(other.Publish(step.TryGetProperty("one_time_pre_key", out var id) && id.ValueKind == JsonValueKind.Number ? id.GetUInt32() : null), keys);
                keys.AssertUsedUp();
                break;
            case "send":
                Send(step, own, sent, name);
                break;
            case "send_many":
                for (var i = step.Number("count"); i > 0; i--)
                    own.Encrypt(Padded(step));
                break;
            case "receive":
                Receive(step, own, sent, name);
                break;
            case "forget":
                own.Forget();
                break;
            case "delete_pre_key":
                own.DeletePreKey(step.Number("id"));
                break;
            default:
                throw new InvalidDataException($"{name} is of an unknown kind.");
        }
    }

    private static void Send(JsonElement step, KnownSignalDevice own, Dictionary<string, Sent> sent, string name)
    {
        sent[step.Text("id")] = new Sent(step.Text("type"), step.Hex("wire"), Padded(step));
        // The sender's session was spoilt before, which we could not imitate if we would.
        if (step.TryGetProperty("broken", out _))
            return;
        var message = own.Encrypt(Padded(step));
        Assert.True(step.Text("wire") == Convert.ToHexStringLower(message.Bytes), $"{name}: the wire is another.");
        Assert.True(step.Text("type") == (message.Kind == CiphertextKind.Message ? "msg" : "pkmsg"), $"{name}: it is of another kind.");
    }

    private static void Receive(JsonElement step, KnownSignalDevice own, Dictionary<string, Sent> sent, string name)
    {
        var known = step.TryGetProperty("id", out var id) ? sent[id.GetString()!] : null;
        var (type, wire) = known is null ? (step.Text("type"), step.Hex("wire")) : (known.Type, known.Wire);
        // Where the peer tried its current session first, the key of that trial comes first: we make none before the MAC holds.
        var keys = new KnownKeys(Fresh(step).TakeLast(1), name);
        var before = own.Record?.ToBytes();
        byte[]? text = null;
        var error = Record.Exception(() => text = own.Decrypt(type, wire, keys));

        var expect = step.Text("expect");
        if (expect == "ok")
        {
            Assert.True(error is null, $"{name}: {error?.Message}");
            Assert.True(known!.Plaintext.AsSpan().SequenceEqual(text), $"{name}: the text is another.");
            keys.AssertUsedUp();
            return;
        }

        var refusal = (error as SignalException)?.Error;
        Assert.True(refusal is not null, $"{name}: {expect}, but: {error?.ToString() ?? "it was accepted"}");
        if (Wanted(expect) is { } wanted)
            Assert.True(wanted == refusal, $"{name}: {expect}, but {refusal}");
        Assert.True(before is null ? own.Record is null : own.Record!.ToBytes().AsSpan().SequenceEqual(before), $"{name}: a refused message changed the session.");
    }

    // Bytes that are no message may be found so in several ways.
    private static SignalError? Wanted(string expect) => expect switch
    {
        "refuse" or "refuse: malformed" => null,
        "refuse: bad MAC" => SignalError.BadMac,
        "refuse: old counter" => SignalError.DuplicateMessage,
        "refuse: version" => SignalError.InvalidVersion,
        "refuse: no pre-key" => SignalError.NoPreKey,
        "refuse: no signed pre-key" => SignalError.NoSignedPreKey,
        "refuse: too far ahead" => SignalError.TooFarInFuture,
        _ => throw new InvalidDataException($"'{expect}' is new."),
    };

    private static (KnownSignalDevice Alice, KnownSignalDevice Bob) Devices()
    {
        var devices = KnownVectors.Value(File, "devices");
        return (new KnownSignalDevice(devices.GetProperty("alice")), new KnownSignalDevice(devices.GetProperty("bob")));
    }

    private static IEnumerable<byte[]> Fresh(JsonElement step) =>
        step.TryGetProperty("fresh", out var fresh) ? fresh.EnumerateArray().Select(key => Convert.FromHexString(key.GetString()!)) : [];

    private static byte[] Padded(JsonElement step)
    {
        var pad = (byte)step.Number("pad");
        return [.. step.Hex("plaintext"), .. Enumerable.Repeat(pad, pad)];
    }
}
