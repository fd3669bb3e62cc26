using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Messages;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Media;
using Evolution.Gateway.Providers;
using Evolution.Storage.Outbox;

namespace Evolution.Gateway.Events;

/// <summary>
/// Adds the file of a message, or where it can be fetched, to its event when that is delivered: the outbox keeps no files, and only the chat whose event
/// it is waits for them. Without its file an event goes out all the same.
/// </summary>
internal sealed class EventMedia(InstanceDirectory instances, MediaLibrary library, PublishedFiles published, MediaOptions options, TimeProvider time, ILogger<EventMedia> logger)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    public async ValueTask<JsonBody> BodyOfAsync(ClaimedDelivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.Name is not (EventNames.MessagesUpsert or EventNames.SendMessage)
            || instances.FindById(delivery.InstanceId) is not { } instance
            || (!instance.ShowsFiles && options.S3 is null)
            || RecordedMessage.Find(delivery.Body, "data") is not { } message)
        {
            return JsonBody.Of(delivery.Body);
        }

        var (body, end) = await published.AddressOfAsync(instance, message.Owner.MessageId, message.Owner.Chat.ToString(), cancellationToken) is { } address
            ? JsonBody.WithText(delivery.Body, message.End, RecordedMessage.MediaUrl, address.AbsoluteUri)
            : (delivery.Body, message.End);
        return instance.ShowsFiles && message.Media.Reference.Length <= MediaOptions.MaxBase64Bytes && await FileOfAsync(instance, message, cancellationToken) is { } file
            ? JsonBody.WithBase64(body, end, file)
            : JsonBody.Of(body);
    }

    private async Task<StoredMedia?> FileOfAsync(Instance instance, RecordedMessage message, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            // After a restart deliveries begin before the instances are connected again.
            return await library.GetConnectedAsync(instance, message.Media.Reference, message.Owner, either.Token);
        }
        catch (Exception e) when (e is ProviderException or MediaException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            EventsLog.NoFile(logger, instance.Name, message.Owner.MessageId, e.Message);
            return null;
        }
    }
}
