using Evolution.Gateway.Hosting;
using Evolution.Gateway.Media.S3;

namespace Evolution.Gateway.Media;

internal static class MediaRegistration
{
    /// <summary>Files: where they come from, where they are kept, and what is done to them.</summary>
    public static IServiceCollection AddMedia(this IServiceCollection services, MediaOptions options, MediaFolders folders)
    {
        if (options.S3 is { } s3)
            services.AddSingleton<IObjectStorage>(provider => new S3Storage(s3, provider.GetRequiredService<TimeProvider>()));
        return services.AddParts(options, folders);
    }

    private static IServiceCollection AddParts(this IServiceCollection services, MediaOptions options, MediaFolders folders) => services
        .AddSingleton(options)
        .AddSingleton(folders)
        .AddSingleton(new ArrivedFiles(isWanted: options.S3 is not null))
        .AddSingleton<GuardedWeb>()
        .AddSingleton<UploadForm>()
        .AddSingleton<MediaStore>()
        .AddSingleton<MediaFetch>()
        .AddSingleton<Pictures>()
        .AddSingleton<Ffmpeg>()
        .AddSingleton<Recordings>();
}
