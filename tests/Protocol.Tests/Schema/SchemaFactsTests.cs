using Evolution.Proto;
using Google.Protobuf;
using Xunit;

namespace Evolution.Protocol.Tests.Schema;

/// <summary>Facts of the schema that no peer's file states, or on which the peers differ; given as bytes on the wire.</summary>
public sealed class SchemaFactsTests
{
    [Fact]
    public void History_sync_carries_the_salt_in_field_19() =>
        Assert.Equal("AAB"u8, HistorySync.Parser.ParseFrom([0x9A, 0x01, 0x03, .. "AAB"u8]).NctSalt.Span);

    [Fact]
    public void App_state_carries_the_salt_in_field_1_of_field_80() =>
        Assert.Equal("AAB"u8, SyncActionValue.Parser.ParseFrom([0x82, 0x05, 0x05, 0x0A, 0x03, .. "AAB"u8]).NctSaltSyncAction.Salt.Span);

    [Fact]
    public void A_poll_result_is_read_from_either_of_the_two_numbers_in_use()
    {
        Assert.Equal("A", Message.Parser.ParseFrom([0x92, 0x07, 0x03, 0x0A, 0x01, (byte)'A']).PollResultSnapshotMessageV3.Name);
        Assert.Equal("A", Message.Parser.ParseFrom([0x9A, 0x07, 0x03, 0x0A, 0x01, (byte)'A']).PollResultSnapshotMessageV3At115.Name);
    }

    [Fact]
    public void No_field_is_required() => Assert.DoesNotContain(
        RandomMessages.Types.SelectMany(type => type.Fields.InFieldNumberOrder()),
        field => field.IsRequired);

    [Fact]
    public void The_valid_indexes_of_a_key_list_are_written_packed_and_read_both_ways()
    {
        var list = new ADVKeyIndexList { ValidIndexes = { 1, 2 } };
        Assert.Equal([0x22, 0x02, 0x01, 0x02], list.ToByteArray());
        Assert.Equal(list, ADVKeyIndexList.Parser.ParseFrom([0x20, 0x01, 0x20, 0x02]));
    }

    [Fact]
    public void The_shards_of_a_client_payload_are_written_one_by_one_and_read_both_ways()
    {
        var payload = new ClientPayload { Shards = { 1, 2 } };
        Assert.Equal([0x70, 0x01, 0x70, 0x02], payload.ToByteArray());
        Assert.Equal(payload, ClientPayload.Parser.ParseFrom([0x72, 0x02, 0x01, 0x02]));
    }
}
