using System.IO.Compression;
using Evolution.Client.History;
using Evolution.Proto;
using Google.Protobuf;
using Xunit;

namespace Evolution.Client.Tests.History;

public sealed class HistoryReaderTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_parts_come_in_file_order_and_unknown_ones_are_passed_over()
    {
        var sync = new HistorySync
        {
            SyncType = HistorySync.Types.HistorySyncType.Recent,
            Progress = 40,
            ThreadIdUserSecret = ByteString.CopyFrom(1, 2, 3),
            NctSalt = ByteString.CopyFrom(9, 9),
        };
        sync.Conversations.Add(new Conversation { Id = "5511999990002@s.whatsapp.net", Name = new string('x', 50_000) });
        sync.Conversations.Add(new Conversation { Id = "5511999990003@s.whatsapp.net" });
        sync.Pushnames.Add(new Pushname { Id = "5511999990002@s.whatsapp.net", Pushname_ = "Alice" });
        sync.PhoneNumberToLidMappings.Add(new PhoneNumberToLIDMapping { PnJid = "5511999990002@s.whatsapp.net", LidJid = "222000222000222@lid" });

        var items = await ReadAsync(sync.ToByteArray());

        Assert.Equal(["Chat", "Chat", "Name", "Address", "NctSalt"], items.Select(item => item.GetType().Name));
        Assert.Equal(50_000, Assert.IsType<HistoryItem.Chat>(items[0]).Conversation.Name.Length);
    }

    [Fact]
    public async Task A_history_that_ends_early_is_malformed()
    {
        var sync = new HistorySync();
        sync.Conversations.Add(new Conversation { Id = "5511999990002@s.whatsapp.net", Name = new string('x', 100) });
        var whole = sync.ToByteArray();

        // Cut at every place but between parts.
        for (var length = 1; length < whole.Length; length++)
            await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(whole[..length]));
    }

    [Fact]
    public async Task A_part_that_claims_to_be_huge_is_refused_before_it_is_read() =>
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync([0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0x07]));

    [Fact]
    public async Task What_is_not_compressed_is_refused() =>
        await Assert.ThrowsAsync<InvalidDataException>(() => CollectAsync(new MemoryStream([1, 2, 3, 4, 5])));

    private static async Task<List<HistoryItem>> ReadAsync(byte[] sync)
    {
        using var packed = new MemoryStream();
        await using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            await zlib.WriteAsync(sync, Ct);
        packed.Position = 0;
        return await CollectAsync(packed);
    }

    private static async Task<List<HistoryItem>> CollectAsync(Stream packed)
    {
        var items = new List<HistoryItem>();
        await foreach (var item in HistoryReader.ReadAsync(packed, Ct))
            items.Add(item);
        return items;
    }
}
