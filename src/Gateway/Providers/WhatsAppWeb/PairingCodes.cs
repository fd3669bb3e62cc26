using Evolution.Client;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>
/// Asks for pairing codes, one at a time; a new request takes the place of the one before. Nobody waits for the asking: the answer comes over a
/// connection that may itself wait for the event handler, and the code is told as an event.
/// </summary>
internal sealed class PairingCodes(string instanceName, ILogger logger) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private CancellationTokenSource wanted = new();
    private Task asking = Task.CompletedTask;
    private bool ended;

    public void Ask(WhatsAppClient client, string number)
    {
        lock (gate)
        {
            if (ended)
                return;
            wanted.Cancel();
            wanted = new CancellationTokenSource();
            var (before, token) = (asking, wanted.Token);
            asking = Task.Run(() => AskAsync(before, client, number, token), CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task last;
        lock (gate)
        {
            ended = true;
            wanted.Cancel();
            last = asking;
        }

        await last;
    }

    private async Task AskAsync(Task before, WhatsAppClient client, string number, CancellationToken cancellationToken)
    {
        await before;
        try
        {
            await client.RequestPairingCodeAsync(number, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Another number is wanted, or the instance stops.
        }
        catch (Exception e)
        {
            WhatsAppWebLog.NoPairingCode(logger, instanceName, e.Message);
        }
    }
}
