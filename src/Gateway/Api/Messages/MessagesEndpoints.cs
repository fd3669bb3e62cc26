using Evolution.Gateway.EvolutionWire.Validation;

namespace Evolution.Gateway.Api.Messages;

/// <summary>message/*: everything that sends.</summary>
internal static class MessagesEndpoints
{
    public static IServiceCollection AddMessages(this IServiceCollection services) => services
        .AddSingleton<QuotedMessages>()
        .AddSingleton<TypingDelay>()
        .AddSingleton<LinkPreviews>()
        .AddSingleton<Sends>()
        .AddSingleton<MediaInputs>()
        .AddSingleton<MediaContents>()
        .AddSingleton<SendMedia>()
        .AddSingleton<SendPtv>()
        .AddSingleton<SendSticker>()
        .AddSingleton<SendWhatsAppAudio>()
        .AddSingleton<StatusReaders>()
        .AddSingleton<SendStatus>()
        .AddSingleton<SendText>()
        .AddSingleton<SendLocation>()
        .AddSingleton<SendContact>()
        .AddSingleton<SendReaction>()
        .AddSingleton<SendPoll>()
        .AddSingleton<SendList>()
        .AddSingleton<SendButtons>();

    public static void MapMessages(this IEndpointRouteBuilder routes)
    {
        var services = routes.ServiceProvider;
        routes.MapApi(
        [
            Send("sendTemplate", SendTemplate.Body, SendTemplate.HandleAsync),
            Send("sendText", SendText.Body, services.GetRequiredService<SendText>().HandleAsync),
            Send("sendMedia", SendMedia.Body, services.GetRequiredService<SendMedia>().HandleAsync) with { TakesUpload = true },
            Send("sendPtv", SendPtv.Body, services.GetRequiredService<SendPtv>().HandleAsync) with { TakesUpload = true },
            Send("sendSticker", SendSticker.Body, services.GetRequiredService<SendSticker>().HandleAsync) with { TakesUpload = true },
            Send("sendWhatsAppAudio", SendWhatsAppAudio.Body, services.GetRequiredService<SendWhatsAppAudio>().HandleAsync) with { TakesUpload = true },
            Send("sendStatus", SendStatus.Body, services.GetRequiredService<SendStatus>().HandleAsync) with { TakesUpload = true },
            Send("sendLocation", SendLocation.Body, services.GetRequiredService<SendLocation>().HandleAsync),
            Send("sendContact", SendContact.Body, services.GetRequiredService<SendContact>().HandleAsync),
            Send("sendReaction", SendReaction.Body, services.GetRequiredService<SendReaction>().HandleAsync),
            Send("sendPoll", SendPoll.Body, services.GetRequiredService<SendPoll>().HandleAsync),
            Send("sendList", SendList.Body, services.GetRequiredService<SendList>().HandleAsync),
            Send("sendButtons", SendButtons.Body, services.GetRequiredService<SendButtons>().HandleAsync),
        ]);
    }

    private static ApiRoute Send(string name, Schema body, Func<ApiCall, Task<ApiReply>> handle) =>
        new(HttpMethods.Post, $"/message/{name}/{{instanceName}}", Access.Instance, body, handle);
}
