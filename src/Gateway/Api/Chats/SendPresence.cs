using System.Text.Json;
using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Validation;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Providers;

namespace Evolution.Gateway.Api.Chats;

/// <summary>
/// <c>POST /chat/sendPresence/{instanceName}</c>: shows an activity for <c>delay</c> milliseconds, then ends it. Answers when it has ended, also because a
/// newer request shows something else in that chat; <c>paused</c> is an end itself and answered at once.
/// </summary>
internal sealed class SendPresence(IInstanceHosts hosts, Recipients recipients, ShownActivities activities)
{
    private static readonly TimeSpan MaxDelay = TimeSpan.FromMinutes(10);

    public static Schema Body { get; } = Schema.Object
        .Properties(
            ("number", new Schema().Message("Invalid format").Type("string")),
            ("delay", new Schema().Type("number")),
            ("presence", Schema.String.Enum([.. PresenceNames.All])))
        .Required("number", "presence", "delay");

    public async Task<ApiReply> HandleAsync(ApiCall call)
    {
        var word = call.Body.TextOf("presence")!;
        var delay = DelayOf(call.Body.GetProperty("delay"));
        var presence = hosts.HostOf(call.Instance).Provider.Require<IShowsPresence>();
        try
        {
            var chat = await recipients.ResolveAsync(call.Instance, call.Body.TextOf("number")!, call.Aborted);
            if (chat.IsUser)
                await presence.SubscribeAsync(chat, call.Aborted);
            if (PresenceNames.ActivityOf(word) is { } activity)
            {
                using var shown = activities.Begin(call.Instance.Id, chat);
                await presence.ShowActivityAsync(chat, activity, call.Aborted);
                if (activity != ChatActivity.Paused && await shown.LastsAsync(delay, call.Aborted))
                    await presence.ShowActivityAsync(chat, ChatActivity.Paused, call.Aborted);
            }
            else
            {
                await presence.ShowAvailabilityAsync(word == PresenceNames.Available, call.Aborted);
            }
        }
        catch (ProviderException e)
        {
            throw ApiException.BadRequest($"Error: {e.Message}");
        }

        return ApiReply.Created(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("presence", word);
            writer.WriteEndObject();
        });
    }

    private static TimeSpan DelayOf(JsonElement value) =>
        TimeSpan.FromMilliseconds(Math.Clamp(value.GetDouble(), 0, MaxDelay.TotalMilliseconds));
}
