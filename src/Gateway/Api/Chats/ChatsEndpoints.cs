namespace Evolution.Gateway.Api.Chats;

/// <summary>chat/*.</summary>
internal static class ChatsEndpoints
{
    public static IServiceCollection AddChats(this IServiceCollection services) => services
        .AddSingleton<LookUpNumbers>()
        .AddSingleton<MarkMessageAsRead>()
        .AddSingleton<ShownActivities>()
        .AddSingleton<SendPresence>()
        .AddSingleton<UpdateMessage>()
        .AddSingleton<DeleteMessageForEveryone>()
        .AddSingleton<GetBase64FromMediaMessage>()
        .AddSingleton<FetchProfile>()
        .AddSingleton<FetchProfilePictureUrl>()
        .AddSingleton<FetchBusinessProfile>()
        .AddSingleton<FindContacts>()
        .AddSingleton<FindMessages>()
        .AddSingleton<FindStatusMessage>()
        .AddSingleton<FindChats>()
        .AddSingleton<FindChatByRemoteJid>();

    public static void MapChats(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        routes.MapApi(
        [
            new(HttpMethods.Post, "/chat/whatsappNumbers/{instanceName}", Access.Instance, LookUpNumbers.Body, services.GetRequiredService<LookUpNumbers>().HandleAsync) { RawErrors = true },
            new(HttpMethods.Post, "/chat/markMessageAsRead/{instanceName}", Access.Instance, MarkMessageAsRead.Body, services.GetRequiredService<MarkMessageAsRead>().HandleAsync),
            new(HttpMethods.Post, "/chat/sendPresence/{instanceName}", Access.Instance, SendPresence.Body, services.GetRequiredService<SendPresence>().HandleAsync),
            new(HttpMethods.Post, "/chat/updateMessage/{instanceName}", Access.Instance, UpdateMessage.Body, services.GetRequiredService<UpdateMessage>().HandleAsync),
            new(HttpMethods.Delete, "/chat/deleteMessageForEveryone/{instanceName}", Access.Instance, DeleteMessageForEveryone.Body, services.GetRequiredService<DeleteMessageForEveryone>().HandleAsync),
            new(HttpMethods.Post, "/chat/getBase64FromMediaMessage/{instanceName}", Access.Instance, null, services.GetRequiredService<GetBase64FromMediaMessage>().HandleAsync),
            new(HttpMethods.Post, "/chat/fetchProfile/{instanceName}", Access.Instance, FetchProfile.Body, services.GetRequiredService<FetchProfile>().HandleAsync),
            new(HttpMethods.Post, "/chat/fetchProfilePictureUrl/{instanceName}", Access.Instance, ProfileRequest.Body, services.GetRequiredService<FetchProfilePictureUrl>().HandleAsync),
            new(HttpMethods.Post, "/chat/fetchBusinessProfile/{instanceName}", Access.Instance, ProfileRequest.Body, services.GetRequiredService<FetchBusinessProfile>().HandleAsync),
            new(HttpMethods.Post, "/chat/findContacts/{instanceName}", Access.Instance, FindContacts.Body, services.GetRequiredService<FindContacts>().HandleAsync),
            new(HttpMethods.Post, "/chat/findMessages/{instanceName}", Access.Instance, FindMessages.Body, services.GetRequiredService<FindMessages>().HandleAsync),
            new(HttpMethods.Post, "/chat/findStatusMessage/{instanceName}", Access.Instance, FindStatusMessage.Body, services.GetRequiredService<FindStatusMessage>().HandleAsync),
            new(HttpMethods.Post, "/chat/findChats/{instanceName}", Access.Instance, FindChats.Body, services.GetRequiredService<FindChats>().HandleAsync),
            new(HttpMethods.Get, "/chat/findChatByRemoteJid/{instanceName}", Access.Instance, null, services.GetRequiredService<FindChatByRemoteJid>().HandleAsync),
        ]);
    }
}
