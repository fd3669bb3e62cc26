using Evolution.Gateway.Hosting;

namespace Evolution.Gateway.Media;

internal static class MediaRegistration
{
    /// <summary>Files: where they come from, where they are kept, and what is done to them.</summary>
    public static IServiceCollection AddMedia(this IServiceCollection services, MediaOptions options, MediaFolders folders) => services
        .AddSingleton(options)
        .AddSingleton(folders)
        .AddSingleton<GuardedWeb>()
        .AddSingleton<UploadForm>()
        .AddSingleton<MediaStore>()
        .AddSingleton<MediaFetch>()
        .AddSingleton<Pictures>()
        .AddSingleton<Ffmpeg>()
        .AddSingleton<Recordings>();
}
