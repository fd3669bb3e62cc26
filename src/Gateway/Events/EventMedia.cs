using Evolution.Gateway.EvolutionWire;
using Evolution.Gateway.EvolutionWire.Messages;
using Evolution.Gateway.Instances;
using Evolution.Gateway.Media;
using Evolution.Gateway.Providers;
using Evolution.Storage.Outbox;

namespace Evolution.Gateway.Events;

/// <summary>
/// Adds the file to the event of a message when it is delivered: the outbox keeps no files, and only the chat whose event it is waits for a download.
/// Without its file an event goes out all the same.
/// </summary>
internal sealed class EventMedia(InstanceDirectory instances, MediaLibrary library, TimeProvider time, ILogger<EventMedia> logger)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    public async ValueTask<JsonBody> BodyOfAsync(ClaimedDelivery delivery, CancellationToken cancellationToken)
    {
        if (delivery.Name is not (EventNames.MessagesUpsert or EventNames.SendMessage)
            || instances.FindById(delivery.InstanceId) is not { ShowsFiles: true } instance
            || RecordedMessage.Find(delivery.Body, "data") is not { } message
            || message.Media.Reference.Length > MediaOptions.MaxBase64Bytes)
        {
            return JsonBody.Of(delivery.Body);
        }

        return await FileOfAsync(instance, message, cancellationToken) is { } file
            ? JsonBody.WithBase64(delivery.Body, message.End, file)
            : JsonBody.Of(delivery.Body);
    }

    private async Task<StoredMedia?> FileOfAsync(Instance instance, RecordedMessage message, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        while (true)
        {
            try
            {
                return await library.GetAsync(instance, message.Media.Reference, message.Owner, either.Token);
            }
            catch (ProviderException e) when (e.Error == ProviderError.NotConnected && !limit.IsCancellationRequested)
            {
                // After a restart deliveries begin before the instances are connected again.
                await Task.Delay(Between, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                cancellationToken.ThrowIfCancellationRequested();
            }
            catch (Exception e) when (e is ProviderException or MediaException or IOException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                EventsLog.NoFile(logger, instance.Name, message.Owner.MessageId, e.Message);
                return null;
            }
        }
    }
}
