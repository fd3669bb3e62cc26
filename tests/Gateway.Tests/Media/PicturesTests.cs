using Evolution.Gateway.Media;
using NetVips;

namespace Evolution.Gateway.Tests.Media;

public sealed class PicturesTests : IDisposable
{
    private readonly MediaBench _bench = new();
    private readonly Pictures _pictures = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _pictures.Dispose();
        _bench.Dispose();
    }

    [Fact]
    public async Task A_gif_that_moves_becomes_a_sticker_that_moves_as_fast()
    {
        var sticker = await StickerAsync(Gif(300, 100, pictures: 3, delay: 70));

        var info = (await _pictures.LookAtAsync(await _bench.AddAsync(sticker, Stop), Stop))!;
        Assert.Equal((512, 512, true), (info.Width, info.Height, info.IsAnimated));
        using var all = Image.WebploadBuffer(sticker, n: -1);
        Assert.Equal((512, 3 * 512, 512), (all.Width, all.Height, all.PageHeight));
        Assert.Equal([70, 70, 70], (int[])all.Get("delay"));
        // Each keeps its own brightness in its middle, and stays transparent above and below.
        for (var i = 0; i < 3; i++)
        {
            Assert.InRange(all.Getpoint(256, (i * 512) + 256)[0], (i * 100) - 12, (i * 100) + 12);
            Assert.Equal((255d, 0d, 0d), (all.Getpoint(256, (i * 512) + 256)[3], all.Getpoint(256, (i * 512) + 20)[3], all.Getpoint(256, (i * 512) + 490)[3]));
        }
    }

    [Fact]
    public async Task A_gif_that_does_not_move_becomes_one_picture()
    {
        var info = (await _pictures.LookAtAsync(await _bench.AddAsync(await StickerAsync(Gif(300, 100, pictures: 1, delay: 70)), Stop), Stop))!;

        Assert.Equal((512, 512, false), (info.Width, info.Height, info.IsAnimated));
    }

    [Fact]
    public async Task A_very_long_gif_is_cut()
    {
        using var all = Image.WebploadBuffer(await StickerAsync(Gif(16, 16, pictures: 130, delay: 20)), n: -1);

        Assert.Equal(100 * 512, all.Height);
    }

    [Fact]
    public async Task A_webp_that_moves_is_seen_to()
    {
        using var gif = Image.GifloadBuffer(Gif(64, 64, pictures: 2, delay: 50), n: -1);

        Assert.True((await _pictures.LookAtAsync(await _bench.AddAsync(gif.WebpsaveBuffer(), Stop), Stop))!.IsAnimated);
        Assert.False((await _pictures.LookAtAsync(await _bench.AddAsync(EndToEnd.MediaSample.WebP, Stop), Stop))!.IsAnimated);
    }

    [Fact]
    public async Task A_picture_in_memory_becomes_a_small_jpeg_and_anything_else_nothing()
    {
        using var small = Image.JpegloadBuffer((await _pictures.ThumbnailAsync(EndToEnd.MediaSample.Png, 192, Stop))!);

        Assert.Equal((192, 120, 3), (small.Width, small.Height, small.Bands));
        Assert.Null(await _pictures.ThumbnailAsync("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"u8.ToArray(), 192, Stop));
        Assert.Null(await _pictures.ThumbnailAsync([1, 2, 3], 192, Stop));
    }

    private async Task<byte[]> StickerAsync(byte[] picture) => await _pictures.ToStickerAsync(await _bench.AddAsync(picture, Stop), Stop);

    // Its pictures have the brightness 0, 100, 200 and so on.
    private static byte[] Gif(int width, int height, int pictures, int delay)
    {
        var made = Enumerable.Range(0, pictures).Select(i => (Image.Black(width, height, bands: 3) + (i * 100 % 256)).Cast(Enums.BandFormat.Uchar).Copy(interpretation: Enums.Interpretation.Srgb)).ToArray();
        using var strip = Image.Arrayjoin(made, across: 1);
        using var moving = strip.Mutate(image =>
        {
            image.Set(GValue.GIntType, "page-height", height);
            image.Set(GValue.ArrayIntType, "delay", Enumerable.Repeat(delay, pictures).ToArray());
        });
        return moving.GifsaveBuffer();
    }
}
