using System.Buffers.Binary;

namespace Evolution.Gateway.Media;

/// <summary>Opus in Ogg, which voice notes are. Sources: RFC 3533 (pages), RFC 7845 (OpusHead, granule positions of 48 kHz).</summary>
internal static class OggOpus
{
    /// <summary>What WhatsApp calls it.</summary>
    public const string Mimetype = "audio/ogg; codecs=opus";

    private const int SamplesPerSecond = 48_000;

    // The first page's header with its one segment, and the head's fixed part.
    private const int HeadAt = 28;
    private const int ChannelsAt = HeadAt + 9;
    private const int PreSkipAt = HeadAt + 10;
    private const int StartLength = HeadAt + 19;

    // No page is longer (RFC 3533, 6).
    private const int LongestPage = 65_307;

    /// <summary>Looks at the first and the last pages of a file.</summary>
    /// <returns>How long it plays, in whole seconds rounded up, and how many channels it has; null when it is not Opus in Ogg.</returns>
    public static async Task<(int Seconds, int Channels)?> LookAtAsync(StoredMedia file, CancellationToken cancellationToken)
    {
        await using var stream = file.Open();
        var start = new byte[StartLength];
        if (await stream.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken) < start.Length
            || !start.AsSpan().StartsWith("OggS"u8) || !start.AsSpan(HeadAt).StartsWith("OpusHead"u8))
            return null;
        var end = new byte[(int)Math.Min(stream.Length, 2 * LongestPage)];
        stream.Seek(-end.Length, SeekOrigin.End);
        await stream.ReadExactlyAsync(end, cancellationToken);
        var samples = LastGranule(end) - BinaryPrimitives.ReadUInt16LittleEndian(start.AsSpan(PreSkipAt));
        var seconds = samples is > 0 and var known && known / SamplesPerSecond < int.MaxValue ? (int)((known + SamplesPerSecond - 1) / SamplesPerSecond) : 0;
        return (seconds, start[ChannelsAt]);
    }

    // The last page on which a packet ends tells how many samples there are; -1 means that none ends there.
    private static long LastGranule(ReadOnlySpan<byte> end)
    {
        while (end.LastIndexOf("OggS"u8) is >= 0 and var page)
        {
            if (end.Length >= page + 14 && BinaryPrimitives.ReadInt64LittleEndian(end[(page + 6)..]) is >= 0 and var granule)
                return granule;
            end = end[..page];
        }

        return 0;
    }
}
