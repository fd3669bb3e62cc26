using System.Text;
using Evolution.Protocol.Crypto;
using Evolution.Protocol.Signal;
using Evolution.Protocol.Tests.Vectors;
using Xunit;

namespace Evolution.Protocol.Tests.Signal;

/// <summary>Records as each release stored them. Add a sample when the structures change; never change or drop one.</summary>
public sealed class StoredRecordTests
{
    public static TheoryData<string> Releases { get; } = [.. VectorFile.Read("records.json").EnumerateObject().Select(release => release.Name)];

    [Theory]
    [MemberData(nameof(Releases))]
    public void A_session_record_of_every_release_still_reads_current_skipped_and_archived_messages(string release)
    {
        var sample = VectorFile.Read("records.json").GetProperty(release);
        var own = new IdentityKeys(KeyPair.FromPrivate(sample.Hex("identityPrivate")), 1);
        var record = SessionRecord.Parse(sample.Hex("session"));
        Assert.Equal(sample.Hex("session"), record.ToBytes());
        Assert.Equal(sample.Hex("remoteIdentity"), record.RemoteIdentity.ToArray());
        Assert.Equal(sample.Number("remoteRegistrationId"), record.RemoteRegistrationId);
        Assert.Equal(sample.Hex("baseKey"), record.BaseKey.ToArray());
        foreach (var message in sample.GetProperty("messages").EnumerateArray())
        {
            (record, var plaintext) = SessionCipher.Decrypt(record, own, message.Hex("bytes"));
            Assert.Equal(message.Text("plaintext"), Encoding.UTF8.GetString(plaintext));
        }
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public void A_pending_session_of_every_release_still_makes_the_same_pre_key_message(string release)
    {
        var sample = VectorFile.Read("records.json").GetProperty(release);
        var own = new IdentityKeys(KeyPair.FromPrivate(sample.Hex("identityPrivate")), 1);
        var (_, message) = SessionCipher.Encrypt(SessionRecord.Parse(sample.Hex("pendingSession")), own, "pending"u8);
        Assert.Equal(CiphertextKind.PreKeyMessage, message.Kind);
        Assert.Equal(sample.Hex("pendingMessage"), message.Bytes);
    }

    [Theory]
    [MemberData(nameof(Releases))]
    public void Sender_key_records_of_every_release_still_work_on_both_sides(string release)
    {
        var sample = VectorFile.Read("records.json").GetProperty(release);
        var (_, message) = GroupCipher.Encrypt(SenderKeyRecord.Parse(sample.Hex("ownSenderKey")), "group"u8);
        var member = SenderKeyRecord.Parse(sample.Hex("memberSenderKey"));
        Assert.Equal(sample.Hex("memberSenderKey"), member.ToBytes());
        (member, var plaintext) = GroupCipher.Decrypt(member, message);
        Assert.Equal("group"u8.ToArray(), plaintext);
        Assert.Equal("skipped"u8.ToArray(), GroupCipher.Decrypt(member, sample.Hex("skippedGroupMessage")).Plaintext);
    }

    [Theory]
    [InlineData("")]
    [InlineData("FF")]
    [InlineData("0A020A00")]
    public void Bytes_that_are_no_record_are_refused(string hex)
    {
        Assert.Throws<InvalidDataException>(() => SessionRecord.Parse(Convert.FromHexString(hex)));
        Assert.Throws<InvalidDataException>(() => SenderKeyRecord.Parse(Convert.FromHexString(hex)));
    }
}
