using CsCheck;
using Evolution.Proto.Signal;
using Evolution.Protocol.Signal;
using Xunit;
using static Evolution.Protocol.Tests.Signal.SessionCipherTests;

namespace Evolution.Protocol.Tests.Signal;

public sealed class GroupCipherTests
{
    [Fact]
    public void A_member_reads_what_was_sent_after_its_distribution()
    {
        var (own, distribution) = GroupCipher.Create();
        var member = GroupCipher.Process(null, distribution);
        (own, var first) = GroupCipher.Encrypt(own, "one"u8);
        (member, var plaintext) = GroupCipher.Decrypt(member, first);
        Assert.Equal("one"u8.ToArray(), plaintext);

        var late = GroupCipher.Process(null, GroupCipher.DistributionOf(own));
        AssertError(SignalError.DuplicateMessage, () => GroupCipher.Decrypt(late, first));
        (_, var second) = GroupCipher.Encrypt(own, "two"u8);
        Assert.Equal("two"u8.ToArray(), GroupCipher.Decrypt(late, second).Plaintext);
        Assert.Equal("two"u8.ToArray(), GroupCipher.Decrypt(SenderKeyRecord.Parse(member.ToBytes()), second).Plaintext);
    }

    [Fact]
    public void Iterations_are_consecutive_from_0()
    {
        var (own, _) = GroupCipher.Create();
        for (var i = 0u; i < 3; i++)
        {
            (own, var message) = GroupCipher.Encrypt(SenderKeyRecord.Parse(own.ToBytes()), [1]);
            Assert.Equal(i, SenderKeyMessage.Parser.ParseFrom(message.AsSpan()[1..^64]).Iteration);
        }
    }

    [Fact]
    public void A_message_forged_by_another_member_is_refused()
    {
        // A member knows the chain key, so only the signature tells the sender from the others.
        var (own, distribution) = GroupCipher.Create();
        var member = GroupCipher.Process(null, distribution);
        (_, var message) = GroupCipher.Encrypt(own, [1]);
        var (forger, _) = GroupCipher.Create();
        var (_, forged) = GroupCipher.Encrypt(forger, [1]);
        AssertError(SignalError.InvalidSignature, () => GroupCipher.Decrypt(member, [.. message[..^64], .. forged[^64..]]));
    }

    [Fact]
    public void Missing_keys_are_told_apart_from_broken_messages()
    {
        var (own, distribution) = GroupCipher.Create();
        (_, var message) = GroupCipher.Encrypt(own, [1]);
        var member = GroupCipher.Process(null, distribution);
        AssertError(SignalError.NoSenderKey, () => GroupCipher.Decrypt(null, message));
        AssertError(SignalError.NoSenderKey, () => GroupCipher.Decrypt(GroupCipher.Process(null, GroupCipher.Create().DistributionMessage), message));
        AssertError(SignalError.NoSenderKey, () => GroupCipher.Encrypt(member, [1]));
        AssertError(SignalError.NoSenderKey, () => GroupCipher.Encrypt(null, [1]));
        AssertError(SignalError.InvalidVersion, () => GroupCipher.Decrypt(member, [0x23, .. message[1..]]));
        AssertError(SignalError.InvalidMessage, () => GroupCipher.Decrypt(member, message.AsSpan(0, 65)));
        AssertError(SignalError.InvalidMessage, () => GroupCipher.Process(null, [0x33, 0xFF]));
        AssertError(SignalError.InvalidMessage, () => GroupCipher.Process(null, distribution.AsSpan(0, 20)));
    }

    [Fact]
    public void A_jump_of_two_thousand_is_followed_and_no_more()
    {
        var (own, distribution) = GroupCipher.Create();
        var member = GroupCipher.Process(null, distribution);
        var messages = new List<byte[]>();
        for (var i = 0; i < 2002; i++)
        {
            (own, var message) = GroupCipher.Encrypt(own, [(byte)i]);
            messages.Add(message);
        }
        AssertError(SignalError.TooFarInFuture, () => GroupCipher.Decrypt(member, messages[2001]));
        (member, _) = GroupCipher.Decrypt(member, messages[2000]);
        Assert.Equal([0], GroupCipher.Decrypt(member, messages[0]).Plaintext);
        Assert.Equal([unchecked((byte)1999)], GroupCipher.Decrypt(member, messages[1999]).Plaintext);
    }

    [Fact]
    public void The_newest_five_keys_are_kept()
    {
        SenderKeyRecord? member = null;
        var messages = new List<byte[]>();
        for (byte i = 0; i < 6; i++)
        {
            var (own, distribution) = GroupCipher.Create();
            member = GroupCipher.Process(member, distribution);
            messages.Add(GroupCipher.Encrypt(own, [i]).Message);
        }
        AssertError(SignalError.NoSenderKey, () => GroupCipher.Decrypt(member, messages[0]));
        for (byte i = 1; i < 6; i++)
            Assert.Equal([i], GroupCipher.Decrypt(member, messages[i]).Plaintext);
    }

    [Fact]
    public void A_repeated_distribution_does_not_turn_the_chain_back()
    {
        var (own, distribution) = GroupCipher.Create();
        var member = GroupCipher.Process(null, distribution);
        (own, var first) = GroupCipher.Encrypt(own, [1]);
        (member, _) = GroupCipher.Decrypt(member, first);
        member = GroupCipher.Process(member, distribution);
        AssertError(SignalError.DuplicateMessage, () => GroupCipher.Decrypt(member, first));
    }

    [Fact]
    public void Any_order_with_losses_and_repeats_decrypts_every_message_exactly_once() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[0, 1_000_000].Array[200], Gen.Bool.Array[60]).Sample((count, picks, lost) =>
        {
            var (own, distribution) = GroupCipher.Create();
            var member = GroupCipher.Process(null, distribution);
            var wire = new List<(byte Number, byte[] Message)>();
            for (var i = 0; i < count; i++)
            {
                (own, var message) = GroupCipher.Encrypt(own, [(byte)i]);
                if (!lost[i])
                    wire.Add(((byte)i, message));
            }
            var read = new HashSet<byte>();
            foreach (var pick in picks)
            {
                if (wire.Count == 0)
                    break;
                var (number, message) = wire[pick % wire.Count];
                var before = member.ToBytes();
                if (read.Add(number))
                {
                    (member, var plaintext) = GroupCipher.Decrypt(SenderKeyRecord.Parse(before), message);
                    Assert.Equal([number], plaintext);
                }
                else
                {
                    AssertError(SignalError.DuplicateMessage, () => GroupCipher.Decrypt(member, message));
                    Assert.Equal(before, member.ToBytes());
                }
            }
        }, iter: 60);

    [Fact]
    public void A_corrupted_message_is_refused_and_changes_nothing() =>
        Gen.Select(Gen.Int[0, 100_000], Gen.Int[1, 255]).Sample((position, mask) =>
        {
            var (own, distribution) = GroupCipher.Create();
            var member = GroupCipher.Process(null, distribution);
            var message = GroupCipher.Encrypt(own, "contents"u8).Message;
            message[position % message.Length] ^= (byte)mask;
            var before = member.ToBytes();
            // The low half of the version byte is only the sender's newest version, but it is signed as well.
            Assert.Throws<SignalException>(() => GroupCipher.Decrypt(member, message));
            Assert.Equal(before, member.ToBytes());
        }, iter: 200);
}
