using Evolution.Gateway.Instances;

namespace Evolution.Gateway.Providers.WhatsAppWeb;

/// <summary>What can be scanned or typed now, and the news of it. Safe for concurrent use.</summary>
internal sealed class ShownCode
{
    private readonly Lock gate = new();
    private QrCode code = QrCode.None;
    private string? pairingNumber;
    private TaskCompletionSource news = NewSignal();

    public QrCode Code
    {
        get
        {
            lock (gate)
                return code;
        }
    }

    /// <summary>Digits of the phone that will type a pairing code; null for QR codes only.</summary>
    public string? PairingNumber
    {
        get
        {
            lock (gate)
                return pairingNumber;
        }
    }

    /// <summary>Takes the number that a caller gave; whoever gives none wants what is there.</summary>
    /// <returns>Whether a code of another number, or none, is shown to somebody already: a new one must be asked for.</returns>
    public bool ChangeNumber(string? number)
    {
        lock (gate)
        {
            var isNew = number is not null && number != pairingNumber && code.Text is not null;
            pairingNumber = number ?? pairingNumber;
            return isNew;
        }
    }

    /// <summary>Changes the code, and wakes who waits.</summary>
    public void Change(Func<QrCode, QrCode> change)
    {
        TaskCompletionSource signal;
        lock (gate)
        {
            code = change(code);
            signal = news;
            news = NewSignal();
        }

        signal.SetResult();
    }

    /// <summary>Wakes who waits, the state having changed.</summary>
    public void Wake() => Change(shown => shown);

    /// <summary>Waits until there is a code, with the pairing code where one was asked for.</summary>
    /// <param name="limit">Returns then at the latest.</param>
    /// <param name="isComing">Whether one can still come; asked at each piece of news.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task WaitAsync(TimeSpan limit, Func<bool> isComing, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(limit);
        while (true)
        {
            Task changed;
            lock (gate)
            {
                changed = news.Task;
                if (code.Text is not null && (pairingNumber is null || code.PairingCode is not null))
                    return;
            }

            if (!isComing())
                return;
            try
            {
                await changed.WaitAsync(deadline.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
