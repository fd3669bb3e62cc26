using NetVips;

namespace Evolution.Gateway.Media;

/// <summary>Looks at pictures and turns them into what phones show. Anyone may send one, so sizes are checked before anything is decoded.</summary>
internal sealed class Pictures : IDisposable
{
    private const int MaxPixels = 100_000_000;
    private const int ThumbnailEdge = 72;
    private const int ThumbnailQuality = 50;
    private const int JpegQuality = 85;
    private const int StickerEdge = 512;
    private const int StickerQuality = 80;

    // Phones play ten seconds of a sticker. Each picture takes a megabyte until all are written.
    private const int MaxStickerPictures = 100;

    // Decoding is work for a processor; more at a time would only take more memory.
    private readonly SemaphoreSlim turns = new(Environment.ProcessorCount, Environment.ProcessorCount);

    // Not before the first picture: the library takes 10 MiB, and many instances never see one.
    private readonly Lazy<bool> isSetUp = new(static () =>
    {
        // Formats whose readers are not made for files of strangers.
        NetVips.NetVips.BlockUntrusted = true;
        Cache.Max = 0;
        return true;
    });

    /// <summary>What a picture is, with a small picture of it; null when it is none that can be read.</summary>
    public Task<PictureInfo?> LookAtAsync(StoredMedia file, CancellationToken cancellationToken) => RunAsync<PictureInfo?>(
        () =>
        {
            using var picture = Open(file);
            using var small = Image.Thumbnail(file.Path, ThumbnailEdge, height: ThumbnailEdge, noRotate: false, failOn: Enums.FailOn.None);
            using var flat = Flat(small);
            return new PictureInfo(picture.Width, picture.PageHeight, flat.JpegsaveBuffer(q: ThumbnailQuality, keep: Enums.ForeignKeep.None))
            {
                IsAnimated = CountIn(picture) > 1,
            };
        },
        _ => null,
        cancellationToken);

    /// <summary>The picture as a JPEG; what is transparent becomes white.</summary>
    /// <exception cref="MediaException">It is no picture that can be read.</exception>
    public Task<byte[]> ToJpegAsync(StoredMedia file, CancellationToken cancellationToken) => RunAsync(
        () =>
        {
            using var picture = Open(file);
            using var upright = picture.Autorot();
            using var flat = Flat(upright);
            return flat.JpegsaveBuffer(q: JpegQuality, keep: Enums.ForeignKeep.None);
        },
        e => throw Unreadable(e),
        cancellationToken);

    /// <summary>A JPEG of at most so many pixels each way; null when it is no picture that can be read.</summary>
    public Task<byte[]?> ThumbnailAsync(byte[] file, int edge, CancellationToken cancellationToken) => RunAsync<byte[]?>(
        () =>
        {
            using (Fitting(Image.NewFromBuffer(file, access: Enums.Access.Sequential, failOn: Enums.FailOn.None)))
            {
                // Opened only to see that it is not too large to decode.
            }

            using var small = Image.ThumbnailBuffer(file, edge, height: edge, noRotate: false, failOn: Enums.FailOn.None);
            using var flat = Flat(small);
            return flat.JpegsaveBuffer(q: ThumbnailQuality, keep: Enums.ForeignKeep.None);
        },
        _ => null,
        cancellationToken);

    /// <summary>
    /// The picture as a WebP of 512 × 512, which stickers are; what does not fill it stays transparent. One that moves goes on moving, for its first
    /// hundred pictures.
    /// </summary>
    /// <exception cref="MediaException">It is no picture that can be read.</exception>
    public Task<byte[]> ToStickerAsync(StoredMedia file, CancellationToken cancellationToken) => RunAsync(
        () =>
        {
            using var picture = Open(file);
            var count = Math.Min(CountIn(picture), MaxStickerPictures);
            return count > 1 ? MovingSticker(file, picture, count) : Sticker(file);
        },
        e => throw Unreadable(e),
        cancellationToken);

    /// <summary>What is said of a file that is no picture, or none that can be read: the same file never will be.</summary>
    public static MediaException Unreadable(Exception? cause) => new("The picture can't be read", cause) { IsFinal = true };

    public void Dispose() => turns.Dispose();

    private async Task<T> RunAsync<T>(Func<T> work, Func<VipsException, T> failed, CancellationToken cancellationToken)
    {
        await turns.WaitAsync(cancellationToken);
        try
        {
            _ = isSetUp.Value;
            return await Task.Run(work, cancellationToken);
        }
        catch (VipsException e)
        {
            return failed(e);
        }
        finally
        {
            turns.Release();
        }
    }

    private static byte[] Sticker(StoredMedia file)
    {
        using var small = Image.Thumbnail(file.Path, StickerEdge, height: StickerEdge, failOn: Enums.FailOn.None);
        using var square = Square(small);
        return square.WebpsaveBuffer(q: StickerQuality, keep: Enums.ForeignKeep.None);
    }

    private static byte[] MovingSticker(StoredMedia file, Image first, int count)
    {
        if ((long)first.Width * first.PageHeight * count > MaxPixels)
            throw new VipsException($"The pictures have more than {MaxPixels} pixels");
        using var strip = Image.Thumbnail($"{file.Path}[n={count}]", StickerEdge, height: StickerEdge, failOn: Enums.FailOn.None);
        // The pictures lie one below the other, and are taken out of there in no order that a reader of the file could follow.
        using var all = strip.CopyMemory();
        var height = all.PageHeight;
        var pictures = new List<Image>();
        try
        {
            for (var i = 0; i < count; i++)
            {
                using var one = all.Crop(0, i * height, all.Width, height);
                pictures.Add(Square(one));
            }

            using var joined = Image.Arrayjoin([.. pictures], across: 1);
            using var moving = joined.Mutate(made =>
            {
                made.Set(GValue.GIntType, "page-height", StickerEdge);
                if (first.Contains("delay") && first.Get("delay") is int[] delays)
                    made.Set(GValue.ArrayIntType, "delay", delays.Take(count).ToArray());
                if (first.Contains("loop"))
                    made.Set(GValue.GIntType, "loop", first.Get("loop"));
            });
            return moving.WebpsaveBuffer(q: StickerQuality, keep: Enums.ForeignKeep.None);
        }
        finally
        {
            foreach (var picture in pictures)
                picture.Dispose();
        }
    }

    private static Image Square(Image small)
    {
        using var coloured = small.Colourspace(Enums.Interpretation.Srgb);
        using var transparent = coloured.HasAlpha() ? coloured.Copy() : coloured.Bandjoin(255);
        return transparent.Gravity(Enums.CompassDirection.Centre, StickerEdge, StickerEdge, extend: Enums.Extend.Background, background: [0, 0, 0, 0]);
    }

    private static int CountIn(Image picture) => picture.Contains("n-pages") ? (int)picture.Get("n-pages") : 1;

    private static Image Open(StoredMedia file) => Fitting(Image.NewFromFile(file.Path, access: Enums.Access.Sequential, failOn: Enums.FailOn.None));

    private static Image Fitting(Image picture)
    {
        if ((long)picture.Width * picture.Height <= MaxPixels)
            return picture;
        picture.Dispose();
        throw new VipsException($"The picture has more than {MaxPixels} pixels");
    }

    private static Image Flat(Image picture) => picture.HasAlpha() ? picture.Flatten(background: [255, 255, 255]) : picture.Copy();
}
