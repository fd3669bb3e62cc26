using System.Threading.Channels;
using Evolution.Storage;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>
/// What an instance does by itself about something that has come, once that is stored: marking it read, refusing a call. One after the other, in the
/// order it came. An errand that fails is logged and not tried again; beyond the bound the oldest are dropped.
/// </summary>
internal sealed class Errands : IAsyncDisposable
{
    private const int MaxWaiting = 4096;
    private readonly Channel<(string What, Func<CancellationToken, Task> Do)> waiting =
        Channel.CreateBounded<(string, Func<CancellationToken, Task>)>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest });

    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;
    private readonly string instanceName;
    private readonly ILogger logger;

    public Errands(string instanceName, ILogger logger)
    {
        this.instanceName = instanceName;
        this.logger = logger;
        // Made while a request is served, and outlives it.
        using (ExecutionContext.SuppressFlow())
            running = Task.Run(RunAsync);
    }

    /// <param name="what">What it is, for the log.</param>
    /// <param name="errand">Fails with a <see cref="ProviderException"/> or a <see cref="StorageUnavailableException"/>.</param>
    public void Add(string what, Func<CancellationToken, Task> errand) => waiting.Writer.TryWrite((what, errand));

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        stopping.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await foreach (var (what, errand) in waiting.Reader.ReadAllAsync(stopping.Token))
            {
                try
                {
                    await errand(stopping.Token);
                }
                catch (Exception e) when (e is ProviderException or StorageUnavailableException)
                {
                    WhatsAppWebLog.ErrandFailed(logger, instanceName, what, e.Message);
                }
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The instance stops; what was not done is left to the phone.
        }
    }
}
