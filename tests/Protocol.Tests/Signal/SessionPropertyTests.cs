using CsCheck;
using Evolution.Protocol.Signal;
using Xunit;

namespace Evolution.Protocol.Tests.Signal;

public sealed class SessionPropertyTests
{
    private enum Act
    {
        Send,
        Deliver,
        Lose,
        Duplicate,
        Restart,
        Renew,
    }

    // Weights: mostly traffic; few losses, repeats, restarts and new sessions.
    private static readonly Gen<(Act Act, bool ByAlice, int Pick)[]> Script = Gen.Select(
        Gen.Frequency(
            (8, Gen.Const(Act.Send)), (7, Gen.Const(Act.Deliver)), (1, Gen.Const(Act.Lose)),
            (2, Gen.Const(Act.Duplicate)), (1, Gen.Const(Act.Restart)), (1, Gen.Const(Act.Renew))),
        Gen.Bool,
        Gen.Int[0, 1_000_000]).Array[1, 120];

    [Fact]
    public void Any_interleaving_within_the_limits_decrypts_every_message_exactly_once() => Script.Sample(script =>
    {
        SignalParty alice = new(), bob = new();
        alice.Start(bob.Publish());
        bob.Start(alice.Publish());
        var wire = new List<Letter>();
        var delivered = new List<Letter>();
        byte number = 0;
        foreach (var (act, byAlice, pick) in script)
        {
            var (self, other) = byAlice ? (alice, bob) : (bob, alice);
            switch (act)
            {
                case Act.Send:
                    wire.Add(new Letter(other, self.Encrypt([++number]), number));
                    break;
                case Act.Renew:
                    self.Start(other.Publish(pick % 2 == 0));
                    break;
                case Act.Restart:
                    self.Reload();
                    break;
                case Act.Lose when wire.Count > 0:
                    wire.RemoveAt(pick % wire.Count);
                    break;
                case Act.Deliver when wire.Count > 0:
                    // Near the front, so that no message waits while its receiver steps its ratchet more than five times.
                    var letter = wire[pick % Math.Min(4, wire.Count)];
                    wire.Remove(letter);
                    Assert.Equal([letter.Number], letter.To.Decrypt(letter.Message));
                    delivered.Add(letter);
                    break;
                case Act.Duplicate when delivered.Count > 0:
                    var again = delivered[pick % delivered.Count];
                    var before = again.To.Record!.ToBytes();
                    Assert.Throws<SignalException>(() => again.To.Decrypt(again.Message));
                    Assert.Equal(before, again.To.Record.ToBytes());
                    break;
            }
            wire.RemoveAll(letter => number - letter.Number > 8);
        }
        foreach (var letter in wire)
            Assert.Equal([letter.Number], letter.To.Decrypt(letter.Message));
    }, iter: 150);

    [Fact]
    public void A_corrupted_message_is_refused_and_changes_nothing() => Gen.Select(
        Gen.Bool, Gen.Int[0, 100_000], Gen.Int[1, 255], Gen.Int[0, 3]).Sample((preKey, position, mask, kind) =>
    {
        SignalParty alice = new(), bob = new();
        alice.Start(bob.Publish());
        if (!preKey)
        {
            bob.Decrypt(alice.Encrypt([1]));
            alice.Decrypt(bob.Encrypt([2]));
        }
        var message = alice.Encrypt("contents of some length, more than a block"u8);
        var at = position % message.Bytes.Length;
        byte[] bytes = kind switch
        {
            0 => message.Bytes[..at],
            1 => [.. message.Bytes[..at], (byte)mask, .. message.Bytes[at..]],
            _ => [.. message.Bytes[..at], (byte)(message.Bytes[at] ^ mask), .. message.Bytes[(at + 1)..]],
        };
        var before = bob.Record?.ToBytes();
        byte[]? plaintext = null;
        try
        {
            plaintext = bob.Decrypt(message with { Bytes = bytes });
        }
        catch (SignalException)
        {
            Assert.Equal(before, bob.Record?.ToBytes());
        }
        // The outer layer of a pre-key message is not authenticated: the registration id and unknown fields may change. Contents never do.
        if (plaintext is not null)
        {
            Assert.True(preKey);
            Assert.Equal("contents of some length, more than a block"u8.ToArray(), plaintext);
        }
        else
        {
            bob.Decrypt(message);
        }
    }, iter: 300);

    private sealed record Letter(SignalParty To, Ciphertext Message, byte Number);
}
