using System.Text;
using System.Text.Json;
using Evolution.Proto.Signal;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Signal;
using Evolution.Protocol.Tests.Vectors;
using Google.Protobuf;
using Xunit;

namespace Evolution.Protocol.Tests.Signal;

/// <summary>What other implementations signed and encrypted (tools/vectors/signal.mjs).</summary>
public sealed class PeerVectorTests
{
    [Fact]
    public void Signatures_of_the_peer_verify()
    {
        foreach (var vector in SignalVectors.Root.GetProperty("signatures").EnumerateArray())
            Assert.True(Curve25519.Verify(vector.Hex("publicKey"), vector.Hex("message"), vector.Hex("signature")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Sessions_that_the_peer_starts_are_read_in_any_order(int which)
    {
        var start = SignalVectors.Root.GetProperty("starts")[which];
        var (own, signedPreKey, preKey) = Keys(start.GetProperty("bob"));
        var messages = start.GetProperty("messages").EnumerateArray().ToArray();
        SessionRecord? record = null;
        foreach (var index in new[] { 2, 0, 5, 1, 4, 3 })
        {
            Assert.Equal("pkmsg", messages[index].Text("kind"));
            (record, var plaintext, var usedPreKey) = SessionCipher.DecryptPreKeyMessage(record, own, signedPreKey, preKey, messages[index].Hex("bytes"));
            Assert.Equal(messages[index].Text("plaintext"), Encoding.UTF8.GetString(plaintext));
            Assert.Equal(index == 2 && preKey is not null, usedPreKey);
            preKey = null;
        }
        Assert.Equal(start.Hex("aliceIdentity"), record!.RemoteIdentity.ToArray());
        Assert.Equal(start.Number("aliceRegistrationId"), record.RemoteRegistrationId);
    }

    [Fact]
    public void The_peers_bundle_is_accepted()
    {
        var (own, signedPreKey, preKey) = Keys(SignalVectors.Root.GetProperty("starts")[0].GetProperty("bob"));
        var bundle = new PreKeyBundle(
            own.RegistrationId, own.KeyPair.PublicKey, signedPreKey.Id, signedPreKey.KeyPair.PublicKey, signedPreKey.Signature,
            preKey!.Id, preKey.KeyPair.PublicKey);
        Assert.Equal(own.RegistrationId, SessionCipher.Initiate(null, new IdentityKeys(KeyPair.Generate(), 1), bundle).RemoteRegistrationId);
    }

    [Fact]
    public void A_conversation_is_read_from_the_peers_own_state_at_every_ratchet_step()
    {
        var conversation = SignalVectors.Root.GetProperty("conversation");
        var (own, _, _) = Keys(conversation.GetProperty("bob"));
        foreach (var turn in conversation.GetProperty("turns").EnumerateArray())
        {
            var record = RecordOf(turn.GetProperty("session"), conversation.Hex("aliceIdentity"));
            foreach (var message in turn.GetProperty("messages").EnumerateArray().Reverse())
            {
                (record, var plaintext) = SessionCipher.Decrypt(record, own, message.Hex("bytes"));
                Assert.Equal(message.Text("plaintext"), Encoding.UTF8.GetString(plaintext));
            }
        }
        var last = conversation.GetProperty("last");
        var late = SessionCipher.Decrypt(
            RecordOf(last.GetProperty("session"), conversation.Hex("aliceIdentity")), own, last.GetProperty("late").Hex("bytes")).Plaintext;
        Assert.Equal(last.GetProperty("late").Text("plaintext"), Encoding.UTF8.GetString(late));
    }

    [Fact]
    public void Group_messages_of_the_peer_are_read_in_any_order()
    {
        var group = SignalVectors.Root.GetProperty("group");
        var messages = group.GetProperty("messages").EnumerateArray().ToArray();
        var record = GroupCipher.Process(null, group.Hex("distribution"));
        foreach (var index in new[] { 1, 0, 4, 5, 2, 3 })
        {
            (record, var plaintext) = GroupCipher.Decrypt(record, messages[index].Hex("bytes"));
            Assert.Equal(messages[index].Text("plaintext"), Encoding.UTF8.GetString(plaintext));
        }
        var later = GroupCipher.Process(null, group.Hex("later"));
        Assert.Equal("after", Encoding.UTF8.GetString(GroupCipher.Decrypt(later, messages[5].Hex("bytes")).Plaintext));
        SessionCipherTests.AssertError(SignalError.DuplicateMessage, () => GroupCipher.Decrypt(later, messages[4].Hex("bytes")));
    }

    private static (IdentityKeys Own, SignedPreKey SignedPreKey, PreKey? PreKey) Keys(JsonElement party)
    {
        var preKeys = party.GetProperty("preKeys").EnumerateArray().ToArray();
        return (
            new IdentityKeys(KeyPair.FromPrivate(party.Hex("identityPrivate")), party.Number("registrationId")),
            new SignedPreKey(party.Number("signedPreKeyId"), KeyPair.FromPrivate(party.Hex("signedPreKeyPrivate")), party.Hex("signedPreKeySignature")),
            preKeys.Length == 0 ? null : new PreKey(preKeys[0].Number("id"), KeyPair.FromPrivate(preKeys[0].Hex("private"))));
    }

    private static SessionRecord RecordOf(JsonElement session, byte[] remoteIdentity)
    {
        var ratchet = KeyPair.FromPrivate(session.Hex("ratchetPrivate"));
        var state = new SessionStateStructure
        {
            RemoteIdentity = ByteString.CopyFrom(remoteIdentity),
            BaseKey = ByteString.CopyFrom(session.Hex("baseKey")),
            RootKey = ByteString.CopyFrom(session.Hex("rootKey")),
            PreviousCounter = session.Number("previousCounter"),
            SenderRatchetPrivate = ByteString.CopyFrom(ratchet.PrivateKey.Span),
            SenderRatchetPublic = ByteString.CopyFrom(ratchet.PublicKey.Span),
            SenderChain = ChainOf(session.GetProperty("sender")),
        };
        foreach (var chain in session.GetProperty("receivers").EnumerateArray())
            state.ReceiverChains.Add(new ReceiverChainStructure { RatchetKey = ByteString.CopyFrom(chain.Hex("ratchetKey").AsSpan(1)), Chain = ChainOf(chain) });
        return SessionRecord.Parse(new SessionRecordStructure { Current = state }.ToByteArray());
    }

    private static MessageChainStructure ChainOf(JsonElement chain)
    {
        // The peer forgets the key of a chain it has closed; only skipped keys are left, and any key does.
        var key = chain.GetProperty("chainKey").ValueKind == JsonValueKind.Null ? new byte[32] : chain.Hex("chainKey");
        var structure = new MessageChainStructure { Key = ByteString.CopyFrom(key), Index = chain.Number("next") };
        foreach (var skipped in chain.GetProperty("skipped").EnumerateArray())
            structure.Skipped.Add(new SkippedKeyStructure { Index = skipped.Number("index"), Seed = ByteString.CopyFrom(skipped.Hex("seed")) });
        return structure;
    }
}
