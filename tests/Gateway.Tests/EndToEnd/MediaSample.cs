using System.Buffers.Binary;
using NetVips;

namespace Evolution.Gateway.Tests.EndToEnd;

/// <summary>Files to send.</summary>
internal static class MediaSample
{
    /// <summary>A picture of 320 × 200 with something on it.</summary>
    public static byte[] Jpeg { get; } = Make(picture => picture.JpegsaveBuffer());

    /// <summary>The same picture as base64.</summary>
    public static string JpegBase64 { get; } = Convert.ToBase64String(Jpeg);

    /// <summary>The same with a transparent half.</summary>
    public static byte[] Png { get; } = Make(picture => picture.Bandjoin(picture[0]).PngsaveBuffer());

    /// <summary>The same as WebP.</summary>
    public static byte[] WebP { get; } = Make(picture => picture.WebpsaveBuffer());

    /// <summary>The first and the last page of an Opus stream; what plays in between is nobody's business here.</summary>
    public static byte[] Opus(int seconds)
    {
        const ushort preSkip = 312;
        var head = new byte[19];
        "OpusHead"u8.CopyTo(head);
        (head[8], head[9]) = (1, 1);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(10), preSkip);
        BinaryPrimitives.WriteInt32LittleEndian(head.AsSpan(12), 48_000);
        return [.. Page(2, 0, 0, head), .. Page(0, -1, 1, new byte[200]), .. Page(4, preSkip + (seconds * 48_000), 2, new byte[100])];
    }

    private static byte[] Page(byte flags, long granule, int number, byte[] packet)
    {
        var page = new byte[28];
        "OggS"u8.CopyTo(page);
        page[5] = flags;
        BinaryPrimitives.WriteInt64LittleEndian(page.AsSpan(6), granule);
        BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(18), number);
        (page[26], page[27]) = (1, (byte)packet.Length);
        return [.. page, .. packet];
    }

    private static byte[] Make(Func<Image, byte[]> save)
    {
        using var picture = Image.Xyz(320, 200)[0].Cast(Enums.BandFormat.Uchar);
        using var colour = picture.Bandjoin(picture, picture).Copy(interpretation: Enums.Interpretation.Srgb);
        return save(colour);
    }
}
