using Evolution.Proto.Signal;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Signal;
using Google.Protobuf;
using Xunit;

namespace Evolution.Protocol.Tests.Signal;

public sealed class SessionCipherTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_session_starts_with_and_without_a_one_time_key(bool withPreKey)
    {
        SignalParty alice = new(), bob = new();
        alice.Start(bob.Publish(withPreKey));
        Assert.Equal("hello"u8.ToArray(), bob.Decrypt(alice.Encrypt("hello"u8)));
        Assert.Equal("back"u8.ToArray(), alice.Decrypt(bob.Encrypt("back"u8)));
        Assert.Equal(alice.Record!.BaseKey.ToArray(), bob.Record!.BaseKey.ToArray());
        Assert.Equal(alice.Identity.KeyPair.PublicKey.ToArray(), bob.Record.RemoteIdentity.ToArray());
        Assert.Equal(4711u, bob.Record.RemoteRegistrationId);
    }

    [Fact]
    public void Encrypt_makes_pre_key_messages_until_the_first_reply()
    {
        SignalParty alice = new(), bob = new();
        alice.Start(bob.Publish());
        bob.Decrypt(alice.Encrypt([1]));
        var second = alice.Encrypt([2]);
        Assert.Equal(CiphertextKind.PreKeyMessage, second.Kind);
        Assert.Equal([2], bob.Decrypt(second));
        var reply = bob.Encrypt([3]);
        Assert.Equal(CiphertextKind.Message, reply.Kind);
        alice.Decrypt(reply);
        Assert.Equal(CiphertextKind.Message, alice.Encrypt([4]).Kind);
    }

    [Fact]
    public void Initiate_refuses_a_signed_pre_key_with_a_wrong_signature()
    {
        var bundle = new SignalParty().Publish();
        var other = bundle with { IdentityKey = KeyPair.Generate().PublicKey };
        AssertError(SignalError.InvalidSignature, () => new SignalParty().Start(other));
    }

    [Fact]
    public void Initiate_refuses_an_incomplete_bundle() =>
        AssertError(SignalError.InvalidMessage, () => new SignalParty().Start(new SignalParty().Publish() with { PreKey = null }));

    [Fact]
    public void Missing_keys_and_sessions_are_told_apart()
    {
        SignalParty alice = new(), bob = new();
        AssertError(SignalError.NoSession, () => alice.Encrypt([1]));
        alice.Start(bob.Publish());
        var message = alice.Encrypt([1]);
        var signed = SignedPreKey.Create(SessionCipher.Inspect(message.Bytes).SignedPreKeyId, bob.Identity.KeyPair);
        AssertError(SignalError.NoPreKey, () => SessionCipher.DecryptPreKeyMessage(null, bob.Identity, signed, null, message.Bytes));
        bob.ForgetSignedPreKeys();
        AssertError(SignalError.NoSignedPreKey, () => bob.Decrypt(message));
        AssertError(SignalError.NoSession, () => SessionCipher.Decrypt(null, bob.Identity, message.Bytes));
    }

    [Fact]
    public void A_repeated_pre_key_message_needs_no_keys_and_is_a_duplicate()
    {
        SignalParty alice = new(), bob = new();
        alice.Start(bob.Publish());
        var first = alice.Encrypt([1]);
        var second = alice.Encrypt([2]);
        bob.Decrypt(first);
        bob.ForgetSignedPreKeys();
        AssertError(SignalError.DuplicateMessage, () => bob.Decrypt(first));
        Assert.Equal([2], bob.Decrypt(second));
    }

    [Fact]
    public void A_pre_key_message_of_a_known_session_with_another_identity_is_untrusted()
    {
        SignalParty alice = new(), bob = new();
        alice.Start(bob.Publish());
        var first = alice.Encrypt([1]);
        bob.Decrypt(first);
        var altered = PreKeySignalMessage.Parser.ParseFrom(first.Bytes.AsSpan(1));
        altered.IdentityKey = ByteString.CopyFrom([5, .. KeyPair.Generate().PublicKey.Span]);
        AssertError(SignalError.UntrustedIdentity, () => bob.Decrypt(first with { Bytes = [0x33, .. altered.ToByteArray()] }));
    }

    [Fact]
    public void A_late_message_of_an_archived_session_is_read_and_promotes_it()
    {
        var (alice, bob) = SignalParty.Connected();
        var old = bob.Record!.BaseKey.ToArray();
        var late = alice.Encrypt([7]);
        alice.Start(bob.Publish());
        bob.Decrypt(alice.Encrypt([8]));
        Assert.NotEqual(old, bob.Record!.BaseKey.ToArray());
        bob.Reload();
        Assert.Equal([7], bob.Decrypt(late));
        Assert.Equal(old, bob.Record!.BaseKey.ToArray());
        Assert.Equal(1, bob.Record.ArchivedCount);
        Assert.Equal([9], bob.Decrypt(alice.Encrypt([9])));
    }

    [Fact]
    public void Sessions_started_from_both_sides_at_once_converge()
    {
        SignalParty alice = new(), bob = new();
        alice.Start(bob.Publish());
        bob.Start(alice.Publish());
        var (a, b) = (alice.Encrypt([1]), bob.Encrypt([2]));
        Assert.Equal([1], bob.Decrypt(a));
        Assert.Equal([2], alice.Decrypt(b));
        for (byte i = 0; i < 6; i++)
        {
            Assert.Equal([i], bob.Decrypt(alice.Encrypt([i])));
            Assert.Equal([i], alice.Decrypt(bob.Encrypt([i])));
        }
        Assert.Equal(alice.Record!.BaseKey.ToArray(), bob.Record!.BaseKey.ToArray());
    }

    [Fact]
    public void Forty_earlier_sessions_are_kept()
    {
        SignalParty alice = new(), bob = new();
        var lates = new List<Ciphertext>();
        for (var i = 0; i < 42; i++)
        {
            alice.Start(bob.Publish());
            bob.Decrypt(alice.Encrypt([0]));
            alice.Decrypt(bob.Encrypt([0]));
            lates.Add(alice.Encrypt([(byte)i]));
        }
        Assert.Equal(40, bob.Record!.ArchivedCount);
        AssertError(SignalError.BadMac, () => bob.Decrypt(lates[0]));
        Assert.Equal([1], bob.Decrypt(lates[1]));
    }

    [Fact]
    public void Two_thousand_messages_may_be_skipped_and_no_more()
    {
        var (alice, bob) = SignalParty.Connected();
        var messages = Enumerable.Range(0, 2003).Select(_ => alice.Encrypt([5])).ToList();
        bob.Decrypt(messages[0]);
        AssertError(SignalError.TooFarInFuture, () => bob.Decrypt(messages[2002]));
        bob.Decrypt(messages[2001]);
        bob.Reload();
        Assert.Equal([5], bob.Decrypt(messages[1]));
        AssertError(SignalError.DuplicateMessage, () => bob.Decrypt(messages[1]));
        Assert.Equal([5], bob.Decrypt(messages[2000]));
        Assert.Equal([5], bob.Decrypt(messages[2002]));
    }

    [Fact]
    public void The_oldest_of_more_than_two_thousand_skipped_keys_are_dropped()
    {
        var (alice, bob) = SignalParty.Connected();
        var messages = Enumerable.Range(0, 2011).Select(_ => alice.Encrypt([5])).ToList();
        bob.Decrypt(messages[1000]);
        bob.Decrypt(messages[2010]);
        AssertError(SignalError.DuplicateMessage, () => bob.Decrypt(messages[8]));
        Assert.Equal([5], bob.Decrypt(messages[9]));
    }

    [Fact]
    public void Late_messages_of_the_last_five_receiving_chains_are_read()
    {
        var (alice, bob) = SignalParty.Connected();
        var lates = new List<Ciphertext>();
        for (var i = 0; i < 7; i++)
        {
            lates.Add(alice.Encrypt([(byte)i]));
            bob.Decrypt(alice.Encrypt([100]));
            alice.Decrypt(bob.Encrypt([101]));
        }
        AssertError(SignalError.BadMac, () => bob.Decrypt(lates[1]));
        Assert.Equal([2], bob.Decrypt(lates[2]));
        Assert.Equal([6], bob.Decrypt(lates[6]));
    }

    [Fact]
    public void PreviousCounter_is_the_index_of_the_last_message_of_the_chain_before()
    {
        var (alice, bob) = SignalParty.Connected();
        Assert.Equal(0u, PreviousCounter(alice.Encrypt([1])));
        alice.Encrypt([1]);
        bob.Decrypt(alice.Encrypt([1]));
        alice.Decrypt(bob.Encrypt([2]));
        Assert.Equal(2u, PreviousCounter(alice.Encrypt([1])));

        static uint PreviousCounter(Ciphertext message) => SignalMessage.Parser.ParseFrom(message.Bytes.AsSpan()[1..^8]).PreviousCounter;
    }

    [Theory]
    [InlineData("", SignalError.InvalidMessage)]
    [InlineData("33", SignalError.InvalidMessage)]
    [InlineData("330000000000000000", SignalError.InvalidMessage)]
    [InlineData("22", SignalError.InvalidVersion)]
    [InlineData("44", SignalError.InvalidVersion)]
    public void Malformed_messages_are_refused_with_their_reason(string hex, SignalError error)
    {
        var (alice, _) = SignalParty.Connected();
        AssertError(error, () => SessionCipher.Decrypt(alice.Record, alice.Identity, Convert.FromHexString(hex)));
        AssertError(error, () => SessionCipher.Inspect(Convert.FromHexString(hex)));
    }

    [Fact]
    public void A_ratchet_key_of_small_order_is_refused()
    {
        var (alice, bob) = SignalParty.Connected();
        var message = SignalMessage.Parser.ParseFrom(bob.Encrypt([1]).Bytes.AsSpan()[1..^8]);
        message.EphemeralKey = ByteString.CopyFrom([5, .. new byte[32]]);
        byte[] bytes = [0x33, .. message.ToByteArray(), .. new byte[8]];
        AssertError(SignalError.InvalidMessage, () => SessionCipher.Decrypt(alice.Record, alice.Identity, bytes));
    }

    [Fact]
    public void A_sender_that_counts_its_chain_before_to_minus_one_is_refused_and_changes_nothing()
    {
        var (alice, bob) = SignalParty.Connected();
        var before = bob.Record!.ToBytes();
        var sound = alice.Record!;
        alice.Record = sound.WithCurrent(sound.Current with { PreviousCounter = uint.MaxValue });
        var spoilt = alice.Encrypt([1]);

        AssertError(SignalError.TooFarInFuture, () => bob.Decrypt(spoilt));
        Assert.Equal(before, bob.Record.ToBytes());
        alice.Record = sound;
        Assert.Equal([2], bob.Decrypt(alice.Encrypt([2])));
    }

    internal static void AssertError(SignalError error, Action action) => Assert.Equal(error, Assert.Throws<SignalException>(action).Error);
}
